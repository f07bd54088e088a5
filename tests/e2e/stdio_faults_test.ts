// Children that misbehave: what the client sees, at once, and that nothing is left behind.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { noChildLeft, nothingLeft } from "../support/leftovers.ts";
import { ended, isRunning } from "../support/running.ts";
import { LIMIT, pathOf, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  notification,
  post,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
/** What counts as promptly: far less than any time limit that could have ended the wait instead. */
const PROMPTLY_MS = 4_000;
const MIB = 1024 * 1024;

/** An entry of `mcpServers`: a server with one bad habit. */
function server(habit: string, timeouts: Record<string, string> = {}) {
  const args = [pathOf("ill_mannered_server.mjs"), habit];
  return { command: "node", args, timeouts };
}

describe("a child that misbehaves", () => {
  const gateway = sharedGateway({
    banners: server("prints banners"),
    splitter: server("splits characters"),
    starter: server("dies at start"),
    silent: server("never answers initialize", { open: "500ms" }),
    refuser: server("refuses initialize"),
    stubborn: server("ignores its end"),
    parent: server("has descendants"),
    noisy: server("floods stderr"),
    deaf: server("stops reading", { request: "500ms" }),
    repeater: server("answers twice"),
    closer: server("closes its output"),
  });
  const url = async (name: string) => `${(await gateway()).url}/${name}/mcp`;
  const begin = async (name: string) =>
    await StreamableSession.begin({ url: await url(name), token });
  /** Begins a session whose server tells its process ids, and those of its descendants. */
  const beginWithPids = async (name: string) => {
    const response = await post(await url(name), token, initialize());
    const { pid, descendant } = (await response.json()).result.serverInfo;
    const pids: number[] = descendant === undefined ? [pid] : [pid, descendant];
    const id = response.headers.get("mcp-session-id") as string;
    const session = new StreamableSession(await url(name), token, id);
    return { session, pids };
  };

  it(
    "prints banners: they are skipped and told in the log",
    LIMIT,
    async () => {
      const session = await begin("banners");
      const { result } = await session.call(1, "x/echo", { a: 1 });
      assert.deepEqual((result as Record<string, unknown>).params, { a: 1 });
      const warned = await (await gateway()).logged(
        "Backend wrote a line that is not a message",
        { server: "banners" },
      );
      assert.equal(warned.level, "WARN");
      await session.end();
    },
  );

  it("splits characters across writes: they arrive whole", LIMIT, async () => {
    const session = await begin("splitter");
    const params = { text: "ä → 語 😀 \u0000" };
    const { result } = await session.call(1, "x/echo", params);
    assert.deepEqual((result as Record<string, unknown>).params, params);
    await session.end();
  });

  it(
    "floods stderr: it can go on, and the log stays short",
    LIMIT,
    async () => {
      const session = await begin("noisy");
      assert.ok("result" in await session.call(1, "x/echo"));
      await session.end();
      await nothingLeft(await gateway());
      const lines = (await gateway()).log.filter((line) =>
        line.msg === "Backend stderr" && line.server === "noisy"
      );
      assert.ok(lines.length > 0 && lines.length < 2_000, `${lines.length}`);
    },
  );

  for (
    const [name, fault, said] of [
      [
        "starter",
        "backend_exited",
        /^Server "starter" exited with code 3.*line 7\n.*\ncannot open the database/s,
      ],
      ["silent", "backend_timeout", /^Server "silent" did not answer/],
      ["refuser", undefined, /^not today$/],
    ] as const
  ) {
    const assertFailed = ({ id, error }: Message) => {
      assert.equal(id, "init");
      assert.match(error?.message ?? "", said);
      const data = error?.data as { fault?: string } | undefined;
      assert.equal(data?.fault, fault);
    };

    it(
      `${name}: a failed initialize over Streamable HTTP says why, and leaves no session and no child`,
      LIMIT,
      async () => {
        const began = performance.now();
        const response = await post(await url(name), token, initialize());
        assertFailed(await response.json());
        assert.ok(performance.now() - began < PROMPTLY_MS);
        assert.equal(response.status, 200);
        assert.equal(response.headers.get("mcp-session-id"), null);
        await nothingLeft(await gateway());
      },
    );

    it(
      `${name}: a failed initialize over HTTP+SSE says why, and may be tried again until the client leaves`,
      LIMIT,
      async () => {
        const sse = (await url(name)).replace(/mcp$/, "sse");
        await using session = await SseSession.open({ url: sse, token });
        for (const _attempt of ["first", "second"]) {
          await session.say(initialize());
          assertFailed(await session.events.message());
          // One that refuses is still there to be asked again.
          if (fault !== undefined) await noChildLeft(await gateway());
        }
        await session[Symbol.asyncDispose]();
        await nothingLeft(await gateway());
      },
    );
  }

  it(
    "a child's last words reach the client, not the lines about refusals and ends",
    LIMIT,
    async () => {
      await (await gateway()).logged("Backend failed", { server: "starter" });
      const about = (await gateway()).log.filter(({ server, msg }) =>
        server === "starter" && msg !== "Backend stderr"
      );
      assert.doesNotMatch(JSON.stringify(about), /cannot open the database/);
    },
  );

  for (
    const [name, death] of [
      ["closer", "closes its output"],
      ["parent", "is killed, and its descendant ignores that"],
    ] as const
  ) {
    it(
      `${death}: all of it is ended before anything more is asked, then its session goes on with another`,
      LIMIT,
      async () => {
        const { session, pids } = await beginWithPids(name);
        assert.ok(pids.every(isRunning));
        assert.ok("error" in await session.call(1, "x/die"));
        await Promise.all(pids.map(ended));
        const { result } = await session.call(2, "x/echo");
        const { pid } = result as { pid: number };
        assert.ok(isRunning(pid) && !pids.includes(pid));
        assert.equal(await session.end(), 204);
      },
    );
  }

  it(
    "ignores its end or has descendants that do: all are killed",
    LIMIT,
    async () => {
      const all: number[] = [];
      for (const name of ["stubborn", "parent"]) {
        const { session, pids } = await beginWithPids(name);
        assert.ok(pids.every(isRunning));
        assert.equal(await session.end(), 204);
        all.push(...pids);
      }
      assert.equal(all.length, 3);
      await Promise.all(all.map(ended));
      await nothingLeft(await gateway());
    },
  );

  it(
    "stops reading: calls time out, and what is sent is refused once the bound is reached",
    LIMIT,
    async () => {
      const session = await begin("deaf");
      const first = await session.call(1, "x/echo");
      const { fault } = first.error?.data as { fault: string };
      assert.equal(fault, "backend_timeout");
      const text = "x".repeat(8 * MIB);
      let status = 202;
      for (let sent = 0; status === 202; sent++) {
        assert.ok(sent < 12, `${sent} messages of 8 MiB were taken`);
        const response = await session.post(notification("x/big", { text }));
        await response.body?.cancel();
        status = response.status;
      }
      assert.equal(status, 503);
      await session.end();
      await nothingLeft(await gateway());
    },
  );

  it("answers twice: the client hears it once", LIMIT, async () => {
    const sse = (await url("repeater")).replace(/mcp$/, "sse");
    await using session = await SseSession.open({ url: sse, token });
    await session.initialize();
    for (const id of [1, 2, 3]) {
      const answer = await session.call(id, "x/echo");
      assert.deepEqual(answer, { jsonrpc: "2.0", id, result: "first" });
    }
  });
});
