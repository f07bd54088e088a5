// Streamable HTTP on the wire: clients that go away in mid-call, come back for the rest, or cancel.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { EventReader } from "../support/event_reader.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { script, textOf } from "../support/scripted_server.ts";
import type { Report } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import {
  notification,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const EVENTS_ONLY = { accept: "text/event-stream" };

/** A script's step that says a message. */
function say(message: Omit<Message, "jsonrpc">) {
  return { say: JSON.stringify({ jsonrpc: "2.0", ...message }) };
}

/** A script's step that waits for a notification. */
function until(method: string) {
  return { wait: { method } };
}

/** The methods of everything the backend heard in this session. */
async function heardBy(session: StreamableSession): Promise<string[]> {
  const text = script("report", { report: true });
  const answer = await (await session.post(text)).json();
  const { heard } = answer.result as Report;
  return heard.map((one) => JSON.parse(textOf(one)).method);
}

describe("a client that goes away in mid-call", () => {
  const gateway = sharedGateway({ files: SCRIPTED });
  const begin = async (revision?: string) =>
    await StreamableSession.begin({
      url: `${(await gateway()).url}/files/mcp`,
      token: TOKENS.alice,
      revision,
    });

  it(
    "L-C-11: does not cancel the call, before it was told anything",
    LIMIT,
    async () => {
      const session = await begin();
      const leaving = new AbortController();
      const slow = script(1, until("x/go"), say({ method: "x/went" }));
      const open = session.post(slow, {}, leaving.signal);
      assert.ok("result" in await session.call(2, "x/echo"), "it has begun");
      leaving.abort();
      await assert.rejects(open);
      const listening = new EventReader(await session.listen());
      await session.post(notification("x/go"));
      assert.equal((await listening.message()).method, "x/went");
      const heard = await heardBy(session);
      assert.ok(!heard.includes("notifications/cancelled"), heard.join());
      await listening.leave();
    },
  );

  it(
    "L-C-11: gets the rest, answer and all, by GET with Last-Event-ID",
    LIMIT,
    async () => {
      const session = await begin();
      const steps = [
        say({ method: "x/one" }),
        until("x/go"),
        say({ method: "x/two" }),
        say({ id: 1, result: "kept" }),
      ];
      const leaving = new AbortController();
      const response = await session.post(
        script(1, ...steps),
        EVENTS_ONLY,
        leaving.signal,
      );
      const before = new EventReader(response);
      const priming = await before.next();
      assert.equal(priming?.data, "");
      const one = await before.next();
      leaving.abort();
      await session.post(notification("x/go"));
      const lastSeen = { "last-event-id": one?.id as string };
      const after = new EventReader(await session.listen(lastSeen));
      assert.equal((await after.message()).method, "x/two");
      assert.equal((await after.message()).result, "kept");
      assert.equal(await after.next(), undefined);
      const fromBegin = { "last-event-id": priming?.id as string };
      const all = await new EventReader(await session.listen(fromBegin)).rest();
      const said = all.map(({ method, result }) => method ?? result);
      assert.deepEqual(said, ["x/one", "x/two", "kept"]);
      const heard = await heardBy(session);
      assert.ok(!heard.includes("notifications/cancelled"), heard.join());
    },
  );

  it(
    "L-C-14: gets what was on its own stream only, by ids no other stream has",
    LIMIT,
    async () => {
      const session = await begin();
      const listening = new EventReader(await session.listen());
      const open = [];
      for (const id of [1, 2]) {
        const steps = [
          say({ method: `x/of-${id}`, params: { _meta: {} } }),
          until("x/go"),
          say({ id, result: `answer ${id}` }),
        ];
        const leaving = new AbortController();
        const { signal } = leaving;
        const one = await session.post(
          script(id, ...steps),
          EVENTS_ONLY,
          signal,
        );
        const priming = await new EventReader(one).next();
        open.push({ id, priming: priming?.id as string, leaving });
      }
      assert.equal(new Set(open.map(({ priming }) => priming)).size, 2);
      for (const { leaving } of open) leaving.abort();
      await session.post(notification("x/go"));
      for (const { id, priming } of open) {
        const stream = await session.listen({ "last-event-id": priming });
        const messages = await new EventReader(stream).rest();
        const answers = messages.filter((one) => one.id !== undefined);
        assert.deepEqual(answers.map((one) => one.id), [id]);
      }
      await listening.leave();
    },
  );

  it("an id that is none of ours opens a new GET stream", LIMIT, async () => {
    const session = await begin();
    for (const id of ["s99_1", "x", "s1_99999999999999999999", "__proto___0"]) {
      const response = await session.listen({ "last-event-id": id });
      assert.equal(response.status, 200, id);
      await response.body?.cancel();
    }
  });

  it(
    "L-C-10: older revisions are given no event ids, so there is nothing to come back for",
    LIMIT,
    async () => {
      const session = await begin("2025-06-18");
      const answer = say({ id: 1, result: 1 });
      const response = await session.post(script(1, answer), EVENTS_ONLY);
      const first = await new EventReader(response).next();
      assert.equal(first?.id, undefined);
      assert.equal(JSON.parse(first?.data ?? "").result, 1);
    },
  );
});

describe("a client that cancels a call", () => {
  const gateway = sharedGateway({ files: SCRIPTED });
  const begin = async (revision?: string) =>
    await StreamableSession.begin({
      url: `${(await gateway()).url}/files/mcp`,
      token: TOKENS.alice,
      revision,
    });
  const cancel = (requestId: unknown) =>
    notification("notifications/cancelled", { requestId });

  it(
    "L-C-19: ends the POST, reaches the backend, and a late answer goes nowhere",
    LIMIT,
    async () => {
      const session = await begin();
      const listening = new EventReader(await session.listen());
      const late = [until("x/go"), say({ id: 1, result: "late" })];
      const open = session.post(script(1, ...late, say({ method: "x/end" })));
      assert.ok("result" in await session.call(2, "x/echo"), "it has begun");
      await session.post(cancel(1));
      const response = await open;
      assert.equal(response.status, 202);
      assert.equal(await response.text(), "");
      await session.post(notification("x/go"));
      assert.equal((await listening.message()).method, "x/end");
      const heard = await heardBy(session);
      assert.ok(heard.includes("notifications/cancelled"), heard.join());
      await listening.leave();
    },
  );

  it(
    "L-C-19: ends the stream of the call: without an answer, or with an error where it could be resumed",
    LIMIT,
    async () => {
      for (
        const [revision, last] of [["2025-06-18", []], ["2025-11-25", [1]]]
      ) {
        const session = await begin(revision as string);
        const response = await session.post(
          request(1, "silent/x"),
          EVENTS_ONLY,
        );
        await session.post(cancel(1));
        const messages = await new EventReader(response).rest();
        assert.deepEqual(messages.map(({ id }) => id), last);
      }
    },
  );

  it(
    "L-C-19: an id that is unknown or of another type is ignored",
    LIMIT,
    async () => {
      const session = await begin();
      const answer = say({ id: 1, result: "unharmed" });
      const open = session.post(script(1, until("x/go"), answer));
      assert.ok("result" in await session.call(2, "x/echo"), "it has begun");
      for (const id of [99, "1", null, { id: 1 }, undefined]) {
        assert.equal((await session.post(cancel(id))).status, 202);
      }
      await session.post(notification("x/go"));
      assert.equal((await (await open).json()).result, "unharmed");
    },
  );
});
