// Streamable HTTP on the wire: when an answer becomes a stream, what goes on which stream, and the GET streams.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { STREAM_AFTER_MS } from "../../lib/transports/client/call_route.ts";
import { MAX_GET_STREAMS } from "../../lib/transports/client/streamable_http.ts";
import { EventReader } from "../support/event_reader.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { script } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import {
  notification,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const JSON_TYPE = /^application\/json\b/;
const EVENTS_TYPE = /^text\/event-stream\b/;

/** A script's step that says a message. */
function say(message: Omit<Message, "jsonrpc">) {
  return { say: JSON.stringify({ jsonrpc: "2.0", ...message }) };
}

const GO = { wait: { method: "x/go" } };
const NEWS = { method: "x/news", params: { ü: "→" } };

describe("the streams of a Streamable HTTP session", () => {
  const gateway = sharedGateway({ files: SCRIPTED });
  const begin = async (revision?: string) =>
    await StreamableSession.begin({
      url: `${(await gateway()).url}/files/mcp`,
      token: TOKENS.alice,
      revision,
    });

  it(
    "L-C-09: an answer that comes first is one JSON object",
    LIMIT,
    async () => {
      const session = await begin();
      const response = await session.post(request(1, "x/echo"));
      assert.match(response.headers.get("content-type") ?? "", JSON_TYPE);
      assert.equal((await response.json()).id, 1);
    },
  );

  it(
    "L-C-09: a message that comes before the answer makes it a stream, which ends with the answer",
    LIMIT,
    async () => {
      const session = await begin("2025-06-18");
      const asks = { id: "q", method: "sampling/createMessage", params: {} };
      const response = await session.post(script(
        1,
        say(NEWS),
        say(asks),
        { wait: { id: "q" } },
        say({ id: 1, result: "done" }),
      ));
      assert.equal(response.status, 200);
      const { headers } = response;
      assert.match(headers.get("content-type") ?? "", EVENTS_TYPE);
      assert.equal(headers.get("x-accel-buffering"), "no");
      assert.match(headers.get("cache-control") ?? "", /no-cache/);
      const events = new EventReader(response);
      assert.deepEqual(await events.message(), { jsonrpc: "2.0", ...NEWS });
      assert.deepEqual(await events.message(), { jsonrpc: "2.0", ...asks });
      const answered = await session.post({
        jsonrpc: "2.0",
        id: "q",
        result: { role: "assistant" },
      });
      assert.equal(answered.status, 202);
      assert.equal((await events.message()).result, "done");
      assert.equal(await events.next(), undefined);
    },
  );

  it(
    "an Accept of event streams only is answered with a stream",
    LIMIT,
    async () => {
      const session = await begin();
      const response = await session.post(request(1, "x/echo"), {
        accept: "text/event-stream",
      });
      assert.match(response.headers.get("content-type") ?? "", EVENTS_TYPE);
      const messages = await new EventReader(response).rest();
      assert.deepEqual(messages.map(({ id }) => id), [1]);
    },
  );

  it(
    "an Accept of JSON only stays JSON: what else is said goes to the GET stream",
    LIMIT,
    async () => {
      const session = await begin();
      const listening = new EventReader(await session.listen());
      const response = await session.post(
        script(1, say(NEWS), say({ id: 1, result: "done" })),
        { accept: "application/json" },
      );
      assert.equal((await response.json()).result, "done");
      assert.equal((await listening.message()).method, "x/news");
      await listening.leave();
    },
  );

  it(
    `L-C-10: an answer that takes ${STREAM_AFTER_MS} ms becomes a stream, ` +
      "primed with an event id for 2025-11-25 clients and without one for older ones",
    LIMIT,
    async () => {
      const [newest, older] = await Promise.all([
        begin("2025-11-25"),
        begin("2025-06-18"),
      ]);
      const began = performance.now();
      const slow = script(1, GO, say({ id: 1, result: "late" }));
      const responses = await Promise.all([
        newest.post(slow),
        older.post(slow),
      ]);
      const took = performance.now() - began;
      assert.ok(took > STREAM_AFTER_MS - 100, `after ${took} ms`);
      assert.ok(took < 2 * STREAM_AFTER_MS, `after ${took} ms`);
      for (const { headers } of responses) {
        assert.match(headers.get("content-type") ?? "", EVENTS_TYPE);
      }
      await newest.post(notification("x/go"));
      await older.post(notification("x/go"));
      const [primed, plain] = responses.map((one) => new EventReader(one));
      const priming = await primed?.next();
      assert.match(priming?.id ?? "", /^[!-~]+$/);
      assert.deepEqual([priming?.event, priming?.data], [undefined, ""]);
      assert.equal(priming?.retry, "1000");
      const last = await primed?.next();
      assert.match(last?.id ?? "", /^[!-~]+$/);
      assert.notEqual(last?.id, priming?.id);
      const only = await plain?.next();
      assert.equal(only?.id, undefined);
      assert.equal(only?.retry, undefined);
      for (const event of [last, only]) {
        assert.equal(event?.event, "message");
        assert.equal(JSON.parse(event?.data ?? "").result, "late");
      }
      assert.equal(await primed?.next(), undefined);
      assert.equal(await plain?.next(), undefined);
    },
  );

  it(
    "L-C-12: what belongs to no request goes to the GET stream, and no answer does",
    LIMIT,
    async () => {
      const session = await begin();
      const response = await session.listen();
      assert.equal(response.status, 200);
      assert.match(response.headers.get("content-type") ?? "", EVENTS_TYPE);
      const events = new EventReader(response);
      const started = say({ id: 1, result: "started" });
      const answer = await session.post(script(1, started, GO, say(NEWS)));
      assert.equal((await answer.json()).result, "started");
      await session.post(notification("x/go"));
      assert.deepEqual(await events.message(), { jsonrpc: "2.0", ...NEWS });
      assert.equal(await session.end(), 204);
      assert.equal(await events.next(), undefined, "it ends with the session");
    },
  );

  it(
    "what is said while no stream is open waits for the GET stream",
    LIMIT,
    async () => {
      const session = await begin();
      const asks = { id: "q", method: "roots/list" };
      await session.post(
        script(1, say({ id: 1, result: 0 }), say(NEWS), say(asks)),
      );
      const events = new EventReader(await session.listen());
      assert.equal((await events.message()).method, "x/news");
      assert.equal((await events.message()).method, "roots/list");
      await events.leave();
    },
  );

  it(
    "L-C-13: a message goes to the newest of several GET streams only; one more than the limit ends the first",
    LIMIT,
    async () => {
      const session = await begin();
      const streams: EventReader[] = [];
      for (let count = 0; count < MAX_GET_STREAMS; count++) {
        streams.push(new EventReader(await session.listen()));
      }
      const started = say({ id: 1, result: "started" });
      const mark = say({ method: "x/mark" });
      const steps = [started, GO, say(NEWS), mark];
      await session.post(script(1, ...steps));
      await session.post(notification("x/go"));
      const [first, ...others] = streams;
      const newest = others.at(-1);
      assert.equal((await newest?.message())?.method, "x/news");
      assert.equal((await newest?.message())?.method, "x/mark");
      const fifth = new EventReader(await session.listen());
      assert.equal(await first?.next(), undefined, "the fifth ends the first");
      assert.equal(await session.end(), 204);
      for (const other of [...others, fifth]) {
        assert.deepEqual(await other.rest(), [], "nothing came twice");
      }
    },
  );

  it(
    "L-C-07: after DELETE every method of the session is 404, and its calls are answered",
    LIMIT,
    async () => {
      const session = await begin();
      const open = session.post(script(1, GO));
      assert.ok("result" in await session.call(2, "x/echo"));
      assert.equal(await session.end(), 204);
      const answer = await (await open).json();
      assert.equal(answer.id, 1);
      assert.equal(answer.error.data.fault, "client_gone");
      assert.equal(await session.end(), 404);
      for (const again of [session.post(request(3, "x")), session.listen()]) {
        const response = await again;
        await response.body?.cancel();
        assert.equal(response.status, 404);
      }
    },
  );
});
