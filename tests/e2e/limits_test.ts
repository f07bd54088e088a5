// `proxy.limits` at work: who meets one is told which, the log says so, and nobody else notices.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MESSAGES_AT_ONCE } from "../../lib/sessions/posted_bodies.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { sendRaw } from "../support/raw_request.ts";
import { script } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const MIB = 1024 * 1024;

function start(limits: Readonly<Record<string, unknown>>) {
  return startGateway({ files: SCRIPTED, other: SCRIPTED }, { limits });
}

function begin(
  gateway: InProcessGateway,
  token: keyof typeof TOKENS = "alice",
  server = "files",
): Promise<StreamableSession> {
  const url = `${gateway.url}/${server}/mcp`;
  return StreamableSession.begin({ url, token: TOKENS[token] });
}

/** An `initialize` that is refused over HTTP. */
async function refused(
  gateway: InProcessGateway,
  token: keyof typeof TOKENS = "alice",
  server = "files",
) {
  const url = `${gateway.url}/${server}/mcp`;
  const response = await post(url, TOKENS[token], initialize());
  const { error } = await response.json();
  assert.match(response.headers.get("retry-after") ?? "", /^\d+$/);
  return { status: response.status, error };
}

describe("a limit on sessions", () => {
  it("of a token refuses that token and no other", LIMIT, async () => {
    await using gateway = await start({ sessionsPerToken: 1 });
    const first = await begin(gateway);
    const { status, error } = await refused(gateway);
    assert.equal(status, 429);
    assert.equal(error.data.fault, "too_many_sessions");
    assert.match(error.message, /proxy\.limits\.sessionsPerToken/);
    await gateway.logged("Request refused", { limit: "sessionsPerToken" });
    await begin(gateway, "bob");
    assert.ok("result" in await first.call(1, "x/echo"));
  });

  it("gives its place back when a session has ended", LIMIT, async () => {
    await using gateway = await start({ sessionsPerToken: 1 });
    const first = await begin(gateway);
    await first.end();
    await gateway.logged("Session closed");
    await begin(gateway);
  });

  it("in all refuses everybody", LIMIT, async () => {
    await using gateway = await start({ sessions: 1 });
    await begin(gateway);
    const { status } = await refused(gateway, "bob");
    assert.equal(status, 429);
    await gateway.logged("Request refused", { limit: "sessions" });
  });

  it("holds for HTTP+SSE as well", LIMIT, async () => {
    await using gateway = await start({ sessions: 1 });
    await begin(gateway);
    const response = await fetch(`${gateway.url}/files/sse`, {
      headers: { authorization: `Bearer ${TOKENS.bob}` },
    });
    assert.equal(response.status, 429);
    assert.equal((await response.json()).error, "too_many_sessions");
  });
});

const CHILD_LIMITS: readonly [
  limit: string,
  token: "alice" | "bob",
  server: string,
][] = [
  ["children", "bob", "other"],
  ["childrenPerToken", "alice", "other"],
  ["childrenPerServer", "bob", "files"],
];

describe("a limit on children", () => {
  for (const [limit, token, server] of CHILD_LIMITS) {
    it(`named ${limit} refuses before anything is started`, LIMIT, async () => {
      await using gateway = await start({ [limit]: 1 });
      const first = await begin(gateway);
      const { status, error } = await refused(gateway, token, server);
      assert.equal(status, 503);
      assert.equal(error.data.fault, "too_many_children");
      await gateway.logged("Request refused", { limit });
      await gateway.logText();
      const started = gateway.log.filter(({ msg }) =>
        msg === "Backend started"
      );
      assert.equal(started.length, 1);
      assert.ok("result" in await first.call(1, "x/echo"));
      await first.end();
      await gateway.logged("Session closed");
      await begin(gateway, token, server);
    });
  }
});

describe("a limit on sizes", () => {
  it(
    "of a client's message refuses it and leaves its session alone",
    LIMIT,
    async () => {
      await using gateway = await start({ clientMessage: "4KiB" });
      const session = await begin(gateway);
      const large = await session.post(
        request(1, "x/echo", { x: "x".repeat(5_000) }),
      );
      assert.equal(large.status, 413);
      assert.equal((await large.json()).error, "message_too_large");
      await gateway.logged("Request refused", { limit: "clientMessage" });
      assert.ok("result" in await session.call(2, "x/echo"));
    },
  );

  it(
    "of a client's message bounds what a token sends at once",
    LIMIT,
    async () => {
      await using gateway = await start({ clientMessage: "4MiB" });
      const session = await begin(gateway);
      const message = request(1, "x/echo", { x: "x".repeat(4_000) });
      const { host, port } = new URL(gateway.url);
      const lines = [
        "POST /files/mcp HTTP/1.1",
        `Host: ${host}`,
        `Authorization: Bearer ${TOKENS.alice}`,
        "Content-Type: application/json",
        `Mcp-Session-Id: ${session.id}`,
        `Content-Length: ${4 * MIB - 10}`,
      ];
      const unfinished = await Promise.all(
        Array.from(
          { length: MESSAGES_AT_ONCE },
          () => sendRaw({ port: Number(port), lines, body: "{" }),
        ),
      );
      const one = async (wanted: number) => {
        let response = await session.post(message);
        // Not all of the others have begun, or ended, yet.
        while (response.status !== wanted) {
          await response.body?.cancel();
          response = await session.post(message);
        }
        return response;
      };
      const refused = await one(503);
      assert.equal(refused.headers.get("retry-after"), "1");
      const fields = { fault: "overloaded", limit: "clientMessage" };
      await gateway.logged("Request refused", fields);
      const other = await begin(gateway, "bob");
      assert.equal((await other.post(message)).status, 200);
      for (const socket of unfinished) socket.destroy();
      await one(200);
    },
  );

  it("of the header refuses the request", LIMIT, async () => {
    await using gateway = await start({ headers: "1KiB" });
    const session = await begin(gateway);
    const large = await session.post(request(1, "x/echo"), {
      "x-large": "x".repeat(1_024),
    });
    assert.equal(large.status, 431);
    assert.equal((await large.json()).error, "headers_too_large");
    await gateway.logged("Request refused", { limit: "headers" });
    assert.ok("result" in await session.call(2, "x/echo"));
  });

  it(
    "of a server's message answers the call with an error",
    LIMIT,
    async () => {
      await using gateway = await start({ serverMessage: "4KiB" });
      const session = await begin(gateway);
      const big = ['{"jsonrpc":"2.0","id":1,"result":"', 5_000, '"}'] as const;
      const answer = await session.post(script(1, { big }));
      const { error } = await answer.json();
      assert.equal(error.data.fault, "backend_protocol");
      assert.match(error.message, /longer than 4096 bytes/);
      await gateway.logged("Backend failed", { limit: "serverMessage" });
    },
  );
});

describe("a limit on requests under way", () => {
  it("refuses one more, until one is answered", LIMIT, async () => {
    await using gateway = await start({ requestsPerSession: 1 });
    const session = await begin(gateway);
    const wait = { wait: { method: "x/go" } };
    const say = { say: '{"jsonrpc":"2.0","id":1,"result":{}}' };
    const open = session.post(script(1, wait, say));
    await gateway.logged("Authenticated request", { method: "POST" });
    let more = await session.post(request(2, "x/echo"));
    while (more.status === 200) {
      // The first was not taken yet when this one was.
      await more.body?.cancel();
      more = await session.post(request(2, "x/echo"));
    }
    assert.equal(more.status, 503);
    assert.equal(more.headers.get("retry-after"), "1");
    assert.equal((await more.json()).error.data.fault, "overloaded");
    await gateway.logged("Request refused", { limit: "requestsPerSession" });
    await session.post({ jsonrpc: "2.0", method: "x/go" });
    assert.ok("result" in await (await open).json());
    assert.ok("result" in await session.call(3, "x/echo"));
  });
});

describe("a limit of time", () => {
  it(
    "ends a session that nobody uses, not one with an open stream",
    LIMIT,
    async () => {
      await using gateway = await start({ idle: "300ms" });
      const quiet = await begin(gateway);
      await using listening = await SseSession.open({
        url: `${gateway.url}/files/sse`,
        token: TOKENS.alice,
      });
      await listening.initialize();
      const watching = await begin(gateway);
      const stream = await watching.listen();
      const unused = await begin(gateway);
      await gateway.logged("Session closed", { limit: "idle" });
      await unused.end();
      assert.ok("result" in await watching.call(1, "x/echo"));
      assert.equal((await quiet.post(request(1, "x/echo"))).status, 404);
      await stream.body?.cancel();
      const closed = gateway.log.filter(({ msg, limit }) =>
        msg === "Session closed" && limit === "idle"
      );
      assert.ok(closed.length <= 2, "only those without a stream");
    },
  );

  it(
    "answers a request that takes too long, and cancels it at the server",
    LIMIT,
    async () => {
      await using gateway = await start({ request: "200ms" });
      const session = await begin(gateway);
      const { error } = await session.call(1, "silent/x") as {
        error: { data: { fault: string } };
      };
      assert.equal(error.data.fault, "backend_timeout");
      await gateway.logged("Backend request failed", { limit: "request" });
      const report = await session.call(2, "script/run", {
        steps: [{ wait: { method: "notifications/cancelled" } }, {
          report: true,
        }],
      });
      assert.ok("result" in report);
    },
  );
});
