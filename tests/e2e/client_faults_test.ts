// Clients that stop reading, or come back by the hundred; `tests/faults/` has the table of all they can do wrong.

import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { sendRaw } from "../support/raw_request.ts";
import { script } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  notification,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const MIB = 1024 * 1024;
/** More than the bound of a stream and what the system buffers on the way. */
const FLOOD_MIB = 48;

/** A script that answers at once, waits for a notification, and then says far more than is read. */
function flood(): string {
  const [before, after] = JSON.stringify({
    jsonrpc: "2.0",
    method: "x/flood",
    params: { text: "|" },
  }).split("|") as [string, string];
  const said = Array.from({ length: FLOOD_MIB }, () => ({
    big: [before, MIB, after] as const,
  }));
  const started = '{"jsonrpc":"2.0","id":"flood","result":0}';
  const go = { wait: { method: "x/go" } };
  return script("flood", { say: started }, go, ...said);
}

/** A raw request of a client with a token, left unread. */
async function ask(
  gateway: InProcessGateway,
  target: string,
  headers: readonly string[] = [],
  body = "",
): Promise<Socket> {
  const { host, port } = new URL(gateway.url);
  const lines = [
    `${target} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    "Accept: application/json, text/event-stream",
    "Content-Type: application/json",
    ...headers,
  ];
  return await sendRaw({ port: Number(port), lines, body });
}

/** Nothing went wrong inside the gateway: whatever the client did was foreseen. */
async function assertNoErrors(gateway: InProcessGateway): Promise<void> {
  await gateway.logText();
  const errors = gateway.log.filter(({ level }) => level === "ERROR");
  assert.deepEqual(errors, []);
}

describe("a client that opens a stream and never reads", () => {
  const gateway = sharedGateway({ files: SCRIPTED });

  it(
    "a GET stream is cut at its bound, and the session goes on",
    LIMIT,
    async () => {
      const running = await gateway();
      const url = `${running.url}/files/mcp`;
      const session = await StreamableSession.begin({ url, token });
      const socket = await ask(running, "GET /files/mcp", [
        `Mcp-Session-Id: ${session.id}`,
      ]);
      await (await session.post(flood())).json();
      await session.post(notification("x/go"));
      const cut = await running.logged("Stream cut", { stream: "GET" });
      assert.equal(cut.level, "WARN");
      // Of JSON only: the rest of the flood would come on any stream there is.
      const accept = "application/json";
      const echo = await session.post(request(1, "x/echo"), { accept });
      assert.ok("result" in await echo.json());
      socket.destroy();
      assert.equal(await session.end(), 204);
      await nothingLeft(running);
      await assertNoErrors(running);
    },
  );

  it(
    "an SSE stream is cut at its bound, and the session with it",
    LIMIT,
    async () => {
      const running = await gateway();
      const socket = await ask(running, "GET /files/sse");
      const [first] = await once(socket, "data");
      socket.pause();
      const endpoint = /data: (\/\S+)/.exec(String(first))?.[1];
      assert.ok(endpoint, String(first));
      for (const text of [JSON.stringify(initialize()), flood()]) {
        await posted(running, endpoint, text);
      }
      await posted(running, endpoint, JSON.stringify(notification("x/go")));
      await running.logged("Stream cut", { stream: "SSE" });
      await nothingLeft(running);
      const closed = running.log.findLast(({ msg }) =>
        msg === "Session closed"
      );
      assert.equal(closed?.fault, "client_stalled");
      socket.destroy();
      await assertNoErrors(running);
    },
  );
});

describe("a reconnect storm", () => {
  const gateway = sharedGateway({ files: SCRIPTED });

  it("of SSE streams and sessions leaves nothing", LIMIT, async () => {
    const running = await gateway();
    const url = `${running.url}/files/sse`;
    for (let wave = 0; wave < 5; wave++) {
      const streams = await Promise.all(
        Array.from({ length: 40 }, () => SseSession.open({ url, token })),
      );
      await streams[0]?.initialize();
      await Promise.all(streams.map((one) => one[Symbol.asyncDispose]()));
    }
    await nothingLeft(running);
    await assertNoErrors(running);
    const opened = running.log.filter(({ msg }) => msg === "Session opened");
    assert.equal(opened.length, 200);
  });
});

async function posted(
  gateway: InProcessGateway,
  endpoint: string,
  text: string,
): Promise<void> {
  const response = await fetch(`${gateway.url}${endpoint}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: text,
  });
  assert.equal(response.status, 202, await response.text());
}
