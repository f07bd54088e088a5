// The end of a gateway: calls under way finish, everything else ends, and nothing new begins.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { isRunning } from "../support/running.ts";
import { result, script } from "../support/scripted_server.ts";
import { LIMIT, pathOf, SCRIPTED } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  notification,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const GRACE_MS = 20_000;

function begin(gateway: InProcessGateway, server: string) {
  const url = `${gateway.url}/${server}/mcp`;
  return StreamableSession.begin({ url, token });
}

/** The pids of all children that were started. */
async function children(gateway: InProcessGateway): Promise<number[]> {
  await gateway.logText();
  return gateway.log.filter(({ msg }) => msg === "Backend started")
    .map(({ pid }) => pid as number);
}

describe("closing a gateway", () => {
  it(
    "lets calls under way finish while idle sessions end, and refuses new ones",
    LIMIT,
    async () => {
      await using gateway = await startGateway({ files: SCRIPTED });
      const busy = await begin(gateway, "files");
      const idle = await begin(gateway, "files");
      await using sse = await SseSession.open({
        url: `${gateway.url}/files/sse`,
        token,
      });
      await sse.initialize();
      const wait = { wait: { method: "x/go" } };
      const open = busy.post(script(1, wait, { say: result(1, "finished") }));
      assert.ok("result" in await busy.call(2, "x/echo"), "it has begun");
      const closed = gateway.close(GRACE_MS);
      assert.equal(await sse.events.next(), undefined, "its stream has ended");
      const gone = await idle.post(request(1, "x/echo"));
      await gone.body?.cancel();
      assert.equal(gone.status, 404);
      const url = `${gateway.url}/files/mcp`;
      const late = await post(url, token, initialize());
      assert.equal(late.status, 503);
      assert.equal((await late.json()).error.data.fault, "shutting_down");
      await busy.post(notification("x/go"));
      assert.equal((await (await open).json()).result, "finished");
      await closed;
      assert.equal((await children(gateway)).length, 3);
      assert.deepEqual((await children(gateway)).filter(isRunning), []);
    },
  );

  it(
    "answers calls that do not finish in time, and ends their children",
    LIMIT,
    async () => {
      await using gateway = await startGateway({ files: SCRIPTED });
      const session = await begin(gateway, "files");
      const open = session.post(request(1, "silent/x"));
      assert.ok("result" in await session.call(2, "x/echo"), "it has begun");
      await gateway.close(100);
      const { id, error } = await (await open).json();
      assert.equal(id, 1);
      assert.equal(error.data.fault, "shutting_down");
      assert.deepEqual((await children(gateway)).filter(isRunning), []);
    },
  );

  it(
    "waits for the children of sessions that are ending already",
    LIMIT,
    async () => {
      const args = [pathOf("ill_mannered_server.mjs"), "ignores its end"];
      await using gateway = await startGateway({
        stubborn: { command: "node", args },
      });
      const session = await begin(gateway, "stubborn");
      assert.equal(await session.end(), 204);
      assert.equal((await children(gateway)).filter(isRunning).length, 1);
      await gateway.close(0);
      assert.deepEqual((await children(gateway)).filter(isRunning), []);
    },
  );
});
