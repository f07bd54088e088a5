// A filtered backend whose server dies or is slow: the whole of `openBackend`, with children that the test plays.

import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { ChildPlaces } from "../../lib/backends/child_places.ts";
import { openBackend } from "../../lib/backends/open.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import { BackendClient } from "../support/backend_client.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";
import { Puppets } from "../support/puppets.ts";
import { call, reads } from "../support/read_only_session.ts";
import { restrictedContext } from "../support/restricted_context.ts";
import { Seen } from "../support/seen.ts";

const LIMIT = { timeout: 60_000 };
const NEVER_MS = 60_000;
const SOON_MS = 200;

/** A session that may use the tools that only read, after its handshake with the first child. */
async function begin(requestMs = NEVER_MS) {
  const puppets = await Puppets.start();
  const log = new Seen<LogLine>((line) => JSON.stringify(line));
  const lines: LogLine[] = [];
  lines.push = (line) => (log.add(line as LogLine), 0);
  const { legacy: backend } = openBackend("files", {
    kind: "stdio",
    stdio: puppets.options,
    timeouts: { openMs: NEVER_MS, requestMs, requestMaxMs: NEVER_MS },
  }, { places: new ChildPlaces(DEFAULT_LIMITS), log: logInto(lines) });
  const context = restrictedContext({ tools: "readOnly" });
  const client = new BackendClient(await backend.open(context));
  await client.initialize();
  const first = await puppets.life(1);
  await first.hello();
  await client.next();
  await client.send({ method: "notifications/initialized" });
  return {
    client,
    first,
    puppets,
    /** Kills the child that runs; resolves when that was noticed. */
    async kill() {
      const { pid } = await log.until("a child", ({ pid }) => Boolean(pid));
      process.kill(pid as number, "SIGKILL");
      await log.until("its death", ({ msg }) => msg === "Backend failed");
    },
    async [Symbol.asyncDispose]() {
      await client.channel.close();
      await puppets[Symbol.asyncDispose]();
    },
  };
}

describe("a filtered backend", () => {
  it(
    "has its server started again to learn what a tool does",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, puppets } = session;
      await session.kill();
      await client.send(call(1, "a"));
      const second = await puppets.life(2);
      await second.hello();
      await second.answer("tools/list", { tools: [reads("a")] });
      await second.answer("tools/call", { done: true });
      assert.deepEqual((await client.next()).message(), {
        jsonrpc: "2.0",
        id: 1,
        result: { done: true },
      });
    },
  );

  it(
    "answers a call with how its server died while it was asked",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, first } = session;
      await client.send(call(1, "a"));
      await first.told("tools/list");
      await session.kill();
      const { id, error } = (await client.next()).message();
      assert.equal(id, 1);
      assert.match(
        error?.message ?? "",
        /^Server "files" was ended by SIGKILL/,
      );
      assert.ok(!first.methods.includes("tools/call"));
    },
  );

  it(
    "answers a call with the limit of time that its server did not keep",
    LIMIT,
    async () => {
      await using session = await begin(SOON_MS);
      const { client, first } = session;
      await client.send(call(1, "a"));
      const { error } = (await client.next()).message();
      assert.match(error?.message ?? "", /did not answer within 0.2 s/);
      const { message: { id } } = await first.told("tools/list");
      const { message } = await first.told("notifications/cancelled");
      assert.equal(message.params?.requestId, id);
    },
  );
});
