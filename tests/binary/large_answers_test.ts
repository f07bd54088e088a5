// The memory of the executable while a server over HTTP has many large answers for a client that reads none.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import { answerJson } from "../support/http_server.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import { askUnread, StalledClient } from "../support/stalled_client.ts";
import { request, StreamableSession } from "../support/streamable_session.ts";
import { serveStreamable } from "../support/streamable_server.ts";

const MIB = 1024 * 1024;
const CALLS = 40;
const ANSWER_MIB = 8;
const SESSION_MIB = 16;
/** What the runtime reads ahead of a connection that waits. */
const AHEAD_MIB = 4;
/** The heap takes up to twice its size, one message more is read, and code that was never run is compiled. */
const BOUND_MIB = 96 + 2 * (SESSION_MIB + ANSWER_MIB) + CALLS * AHEAD_MIB;
const LIMIT = { timeout: 60_000, skip: process.platform !== "linux" };

function mibOf(pid: number | undefined, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status);
  return Number(line?.[1]) / 1024;
}

it(
  "many large answers at once stay within what a session may hold",
  LIMIT,
  async () => {
    const text = "x".repeat(ANSWER_MIB * MIB);
    await using server = await serveStreamable({
      "x/large": (response, { id }) =>
        answerJson(response, 200, { jsonrpc: "2.0", id, result: text }),
    });
    const limits = { sessionBuffer: `${SESSION_MIB}MiB` };
    const config = configWith({
      far: { url: server.url("/mcp").href, transport: "streamable-http" },
    }, { limits });
    await using gateway = await startGateway({ config });
    const { url, token, id: session } = await StreamableSession.begin({
      url: `${gateway.url}/far/mcp`,
      token: DEV_TOKEN,
    });
    const { pid } = gateway.child;
    const before = mibOf(pid, "VmRSS");
    using _client = new StalledClient(
      await Promise.all(
        Array.from({ length: CALLS }, (_, id) => {
          const message = request(id, "x/large");
          return askUnread({ url, token, session, message });
        }),
      ),
    );
    await gateway.logged("Stream cut", { limit: "sessionBuffer" });
    const grown = mibOf(pid, "VmHWM") - before;
    assert.ok(grown < BOUND_MIB, `${grown} MiB of ${BOUND_MIB}`);
  },
);
