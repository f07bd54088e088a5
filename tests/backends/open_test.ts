import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ChildPlaces } from "../../lib/backends/child_places.ts";
import { openBackend } from "../../lib/backends/open.ts";
import type { BackendOptions } from "../../lib/backends/open.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { BackendClient } from "../support/backend_client.ts";
import {
  everythingOptions,
  serveEverything,
} from "../support/everything_server.ts";
import { logInto } from "../support/log_lines.ts";

const timeouts = { openMs: 20_000, requestMs: 20_000, requestMaxMs: 20_000 };
const SLOW = { timeout: 30_000 };

/** What the official server must be able to do, whatever the way to it. */
async function everythingWorks(options: BackendOptions): Promise<void> {
  const { legacy: backend } = openBackend("everything", options, {
    places: new ChildPlaces(DEFAULT_LIMITS),
    log: logInto([]),
  });
  assert.equal(backend.name, "everything");
  await using client = await BackendClient.open(backend);
  await client.send({
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: { sampling: {} },
      clientInfo: { name: "test", version: "1" },
    },
  });
  await until(client, ({ id }) => id === 0);
  await client.send({ method: "notifications/initialized" });
  await call(client, 1, "echo", { message: "é" });
  const echoed = await until(client, ({ id }) => id === 1);
  assert.match(JSON.stringify(echoed.result), /Echo: é/);
  await call(client, 2, "trigger-long-running-operation", {
    duration: 0.2,
    steps: 2,
  });
  await until(
    client,
    ({ method, params }) =>
      method === "notifications/progress" && params?.progressToken === "t2",
  );
  await until(client, ({ id }) => id === 2);
  await call(client, 3, "trigger-sampling-request", {
    prompt: "p",
    maxTokens: 9,
  });
  const { id } = await until(
    client,
    ({ method }) => method === "sampling/createMessage",
  );
  const content = { type: "text", text: "from the client" };
  await client.send({ id, result: { role: "assistant", model: "m", content } });
  const sampled = await until(
    client,
    (message) => message.id === 3 && !message.method,
  );
  assert.match(JSON.stringify(sampled.result), /from the client/);
}

function call(
  client: BackendClient,
  id: number,
  name: string,
  args: unknown,
): Promise<void> {
  const _meta = { progressToken: `t${id}` };
  return client.send({
    id,
    method: "tools/call",
    params: { name, arguments: args, _meta },
  });
}

async function until(
  client: BackendClient,
  wanted: (message: Message) => boolean,
): Promise<Message> {
  while (true) {
    const message = (await client.next()).message();
    if (wanted(message)) return message;
  }
}

describe("the official test server", () => {
  it("works over stdio", SLOW, async () => {
    const stdio = everythingOptions();
    await everythingWorks({ kind: "stdio", stdio, timeouts });
  });

  it("works over HTTP+SSE, as named and found out", SLOW, async () => {
    await using server = await serveEverything("sse");
    for (const transport of ["sse", "auto"] as const) {
      const remote = { url: server.url, transport, headers: new Map() };
      await everythingWorks({ kind: "remote", remote, timeouts });
    }
  });

  it("works over Streamable HTTP, as named and found out", SLOW, async () => {
    await using server = await serveEverything("streamableHttp");
    for (const transport of ["streamable-http", "auto"] as const) {
      const remote = { url: server.url, transport, headers: new Map() };
      await everythingWorks({ kind: "remote", remote, timeouts });
    }
  });
});
