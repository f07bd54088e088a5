// SIGTERM while many calls are under way, over all six pairs of transports: each is answered, and nothing is left running.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { startGateway } from "../support/gateway_process.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { listProcesses, once } from "../support/process_list.ts";
import { script, startScripted } from "../support/scripted_server.ts";
import { BACKEND_TRANSPORTS, overTransport } from "../support/servers.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import { SseSession } from "../support/sse_session.ts";
import { answerOf, StreamableSession } from "../support/streamable_session.ts";

/** Of each kind, at each server. */
const SESSIONS = 4;
/** The handshake, the stream and the two calls. */
const REQUESTS_EACH = 5;
/** All of the end takes no longer than this, on a machine that does nothing else. */
const STOP_LIMIT_MS = 5_000;
const SLACK_MS = 2_000;
const LIMIT = { timeout: 60_000 };

/** A session with two calls under way: one that is answered when its client says so, and one that never is. */
interface Busy {
  /** Has the first one answered. */
  finish(): Promise<Response>;
  readonly finished: Promise<Message>;
  readonly cutOff: Promise<Message>;
  /** Resolves when its standing stream has ended; rejects when that broke. */
  readonly streamEnd: Promise<unknown>;
}

const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{"said":"in time"}}';
const NEVER = script(2, { wait: { method: "x/never" } });

const FINISHES = script(1, { wait: { method: "x/go" } }, { say: ANSWER });
const GO = { jsonrpc: "2.0", method: "x/go" } as const;

async function busyStreamable(base: string): Promise<Busy> {
  const session = await StreamableSession.begin({
    url: `${base}/mcp`,
    token: DEV_TOKEN,
  });
  const stream = await session.listen();
  return {
    finish: () => session.post(GO),
    finished: session.post(FINISHES).then(answerOf),
    cutOff: session.post(NEVER).then(answerOf),
    streamEnd: stream.text(),
  };
}

async function busySse(base: string): Promise<Busy> {
  const session = await SseSession.open({
    url: `${base}/sse`,
    token: DEV_TOKEN,
  });
  await session.initialize();
  await Promise.all([session.post(FINISHES), session.post(NEVER)]);
  const heard = session.events.rest();
  const answered = async (id: number) => {
    const answer = (await heard).find((message) => message.id === id);
    assert.ok(answer, `no answer to ${id}`);
    return answer;
  };
  return {
    finish: () => session.post(GO),
    finished: answered(1),
    cutOff: answered(2),
    streamEnd: heard,
  };
}

/** Sessions of both kinds at every server. */
function makeBusy({ url }: GatewayProcess): Promise<Busy[]> {
  const bases = BACKEND_TRANSPORTS.map((one) => `${url}/${overTransport(one)}`);
  return Promise.all(
    bases.flatMap((base) =>
      Array.from({ length: SESSIONS }, () => [
        busyStreamable(base),
        busySse(base),
      ]).flat()
    ),
  );
}

describe("SIGTERM under load", () => {
  it(
    "answers every call, ends every stream and leaves nothing running",
    LIMIT,
    async () => {
      await using servers = await startScripted();
      const config = configWith(servers.mcpServers);
      await using gateway = await startGateway({ config });
      const children = () =>
        listProcesses().filter(({ parent }) => parent === gateway.child.pid);
      const all = await makeBusy(gateway);
      const requests = all.length * REQUESTS_EACH;
      const taken = () =>
        gateway.logs().split('"msg":"Authenticated request"').length - 1;
      await once(taken, (count) => count === requests);
      const left = children();
      assert.equal(
        left.length,
        2 * SESSIONS + 1,
        "a child each, and the reaper",
      );
      const start = performance.now();
      const stopped = gateway.stop();
      await gateway.logged("Stopping");
      // What a server asked its client would be answered in the same way.
      for (
        const { status } of await Promise.all(all.map((one) => one.finish()))
      ) {
        assert.equal(status, 202);
      }
      for (const { finished } of all) {
        assert.deepEqual((await finished).result, { said: "in time" });
      }
      for (const { cutOff } of all) {
        const { data } = (await cutOff).error as { data: { fault: string } };
        assert.equal(data.fault, "shutting_down");
      }
      await Promise.all(all.map(({ streamEnd }) => streamEnd));
      assert.deepEqual(await stopped, { code: 0, signal: null });
      const took = performance.now() - start;
      assert.ok(took < STOP_LIMIT_MS + SLACK_MS, `${took} ms`);
      const pids = left.map(({ pid }) => pid);
      // The reaper outlives it by a moment where the machine is busy.
      const still = () =>
        listProcesses().filter(({ pid }) => pids.includes(pid)).length;
      await once(still, (count) => count === 0);
      assert.ok(!gateway.logs().includes('"level":"ERROR"'));
    },
  );
});
