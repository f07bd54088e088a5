// HTTP+SSE on the wire: what may be posted to the message endpoint.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import {
  LIMIT,
  pathOf,
  SCRIPTED,
  sharedGateway,
} from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  notification,
  request,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;

describe("the message endpoint of an HTTP+SSE session", () => {
  const refuser = [
    pathOf("ill_mannered_server.mjs"),
    "refuses initialize once",
  ];
  const gateway = sharedGateway({
    files: SCRIPTED,
    refuser: { command: "node", args: refuser },
  });
  const open = async (server = "files") => {
    const url = `${(await gateway()).url}/${server}/sse`;
    return await SseSession.open({ url, token });
  };

  it(
    "L-C-16: a batch is taken in a 2025-03-26 session only",
    LIMIT,
    async () => {
      const batch = [request(1, "x/a"), notification("x/b"), request(2, "x/c")];
      await using session = await open();
      await session.initialize("2025-03-26");
      assert.equal((await session.post(batch)).status, 202);
      assert.equal((await session.events.message()).id, 1);
      assert.equal((await session.events.message()).id, 2);
      await using later = await open();
      await later.initialize("2025-06-18");
      const refused = await later.post(batch);
      assert.equal(refused.status, 400);
      assert.equal((await refused.json()).error.code, -32600);
    },
  );

  it(
    "L-C-16: so it is when that revision was agreed on at the second attempt only",
    LIMIT,
    async () => {
      await using session = await open("refuser");
      await session.say({ ...initialize("2025-06-18"), id: "first" });
      const { error } = await session.events.message();
      assert.equal(error?.message, "not yet");
      await session.initialize("2025-03-26");
      const batch = [request(1, "x/a"), request(2, "x/b")];
      assert.equal((await session.post(batch)).status, 202);
      assert.equal((await session.events.message()).id, 1);
      assert.equal((await session.events.message()).id, 2);
    },
  );

  it(
    "an id that is still open is 400; the same id of an answered request is free",
    LIMIT,
    async () => {
      await using session = await open();
      await session.initialize("2025-03-26");
      await session.say(request(1, "silent/x"));
      for (
        const body of [request(1, "x"), [request(2, "x"), request(1, "x")]]
      ) {
        const clash = await session.post(body);
        assert.equal(clash.status, 400);
        assert.equal((await clash.json()).error.code, -32600);
      }
      assert.equal((await session.call(2, "x/echo")).id, 2);
      assert.equal((await session.call(2, "x/echo")).id, 2);
    },
  );

  it(
    "L-C-18: ping is answered before there is a child, which it does not start",
    LIMIT,
    async () => {
      const running = await gateway();
      await nothingLeft(running);
      const before = (await running.logText()).split("Backend started").length;
      await using session = await open();
      const answer = await session.call("p", "ping");
      assert.deepEqual(answer, { jsonrpc: "2.0", id: "p", result: {} });
      const after = (await running.logText()).split("Backend started").length;
      assert.equal(after, before);
    },
  );

  it(
    "what is not a message is refused as on the other transport",
    LIMIT,
    async () => {
      await using session = await open();
      await session.initialize();
      const cases = [
        ["", {}, 400],
        ["{", {}, 400],
        ["42", {}, 400],
        ["{}", { "content-type": "text/plain" }, 415],
      ] as const;
      for (const [body, headers, status] of cases) {
        const response = await session.post(body, headers);
        await response.body?.cancel();
        assert.equal(response.status, status, body);
      }
      assert.ok("result" in await session.call(1, "x/echo"), "it goes on");
    },
  );
});
