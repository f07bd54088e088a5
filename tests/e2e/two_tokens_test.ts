// Two tokens at the same server: by no route does one of them reach into a session of the other.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { labelOf } from "../../lib/sessions/session.ts";
import { EventReader } from "../support/event_reader.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { rawRequest } from "../support/raw_request.ts";
import { textOf } from "../support/scripted_server.ts";
import type { Report } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  notification,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

/** Both clients use the same ids and tokens of progress: only the session tells them apart. */
const CALL = 7;
const ASKED = "ask-1";
const PROGRESS = "progress-1";

/** Asks back, waits for the answer, tells progress, and reports all that was heard. */
const WORK = request(CALL, "script/run", {
  _meta: { progressToken: PROGRESS },
  steps: [
    { say: JSON.stringify(request(ASKED, "sampling/createMessage")) },
    { wait: { id: ASKED } },
    {
      say: JSON.stringify(notification("notifications/progress", {
        progressToken: PROGRESS,
        progress: 1,
      })),
    },
    { report: true },
  ],
});

/** What names the other's requests, said in one's own session. */
const INTRUSIONS: readonly Message[] = [
  notification("notifications/cancelled", { requestId: CALL }),
  notification("notifications/cancelled", { requestId: ASKED }),
  notification("notifications/progress", {
    progressToken: PROGRESS,
    progress: 99,
  }),
  answer("intruder"),
  { jsonrpc: "2.0", id: CALL, result: { who: "intruder" } },
];

function answer(who: string): Message {
  return { jsonrpc: "2.0", id: ASKED, result: { who } };
}

/** Spellings of an id that a careless lookup could take for it. */
function spellings(id: string): string[] {
  const swapped = id.replace(
    /[a-z]/gi,
    (one) => one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  );
  const percent = id.replace(
    /./g,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return [
    id,
    ` ${id} `,
    swapped,
    percent,
    `"${id}"`,
    `${id};x`,
    id.slice(0, -1),
  ];
}

/** Fails unless the session's server heard this one answer, and nothing that the other client said. */
function assertOwn(done: Message, who: string, other: string): void {
  const { heard } = done.result as unknown as Report;
  const texts = heard.map(textOf);
  assert.equal(texts.filter((text) => text.includes(`"${who}"`)).length, 1);
  for (const text of texts) assert.ok(!text.includes(`"${other}"`), text);
}

async function refused(response: Response, status: number): Promise<void> {
  const body = await response.text();
  assert.equal(response.status, status, body);
}

describe("a token that knows all about another's session", () => {
  const gateway = sharedGateway({
    one: SCRIPTED,
    hers: { ...SCRIPTED, authTokens: ["alice"] },
  });

  async function streamable(who: keyof typeof TOKENS, server = "one") {
    const url = `${(await gateway()).url}/${server}/mcp`;
    return await StreamableSession.begin({ url, token: TOKENS[who] });
  }

  async function sse(who: keyof typeof TOKENS, server = "one") {
    const url = `${(await gateway()).url}/${server}/sse`;
    const session = await SseSession.open({ url, token: TOKENS[who] });
    await session.initialize();
    return session;
  }

  function port(url: string): number {
    return Number(new URL(url).port);
  }

  /** Begins the work and resolves once the server has asked back; the id of that event with it. */
  async function atWork(session: StreamableSession) {
    const response = await session.post(WORK);
    const events = new EventReader(response);
    for (;;) {
      const event = await events.next();
      assert.ok(event);
      if (event.data.includes(ASKED)) return { events, eventId: event.id };
    }
  }

  it(
    "gets 404 for its id by POST, GET and DELETE, however it is written",
    LIMIT,
    async () => {
      const alice = await streamable("alice");
      const bob = await streamable("bob");
      const { events, eventId = "1" } = await atWork(alice);
      for (const id of spellings(alice.id)) {
        const stolen = new StreamableSession(alice.url, TOKENS.bob, id);
        for (const message of [request(1, "x/echo"), ...INTRUSIONS]) {
          await refused(await stolen.post(message), 404);
        }
        await refused(await stolen.listen(), 404);
        await refused(await stolen.listen({ "last-event-id": eventId }), 404);
        assert.equal(await stolen.end(), 404);
      }
      await refused(await alice.post(answer("alice")), 202);
      assertOwn((await events.rest()).at(-1) as Message, "alice", "intruder");
      assert.equal(await alice.end(), 204);
      assert.equal(await bob.end(), 204);
    },
  );

  it(
    "gets 404 for its id beside the own, in whichever order",
    LIMIT,
    async () => {
      const alice = await streamable("alice");
      const bob = await streamable("bob");
      const { events } = await atWork(alice);
      for (const ids of [[alice.id, bob.id], [bob.id, alice.id]]) {
        for (const method of ["POST", "GET", "DELETE"]) {
          const body = method === "POST"
            ? JSON.stringify(answer("intruder"))
            : "";
          const response = await rawRequest({
            port: port(alice.url),
            lines: [
              `${method} /one/mcp HTTP/1.1`,
              "Host: 127.0.0.1",
              `Authorization: Bearer ${TOKENS.bob}`,
              "Accept: application/json, text/event-stream",
              "Content-Type: application/json",
              `Content-Length: ${body.length}`,
              ...ids.map((id) => `Mcp-Session-Id: ${id}`),
            ],
            body,
          });
          assert.equal(response.status, 404, `${method}: ${response.body}`);
        }
      }
      await refused(await alice.post(answer("alice")), 202);
      assertOwn((await events.rest()).at(-1) as Message, "alice", "intruder");
      assert.ok("result" in await bob.call(1, "x/echo"), "its own goes on");
      await Promise.all([alice.end(), bob.end()]);
    },
  );

  it("changes nothing with its ids in the own session", LIMIT, async () => {
    const alice = await streamable("alice");
    const bob = await streamable("bob");
    const { events } = await atWork(alice);
    for (const message of INTRUSIONS) {
      await refused(await bob.post(message), 202);
    }
    await refused(await alice.post(answer("alice")), 202);
    assertOwn((await events.rest()).at(-1) as Message, "alice", "intruder");
    await Promise.all([alice.end(), bob.end()]);
  });

  it("hears nothing of its streams with a Last-Event-ID", LIMIT, async () => {
    const alice = await streamable("alice");
    const { eventId = "" } = await atWork(alice);
    const first = eventId.replace(/_\d+$/, "_0");
    for (const last of [eventId, first, "0", "' or 1"]) {
      const bob = await streamable("bob");
      const listened = await bob.listen({ "last-event-id": last });
      assert.equal(listened.status, 200);
      assert.equal(await bob.end(), 204);
      assert.deepEqual(await new EventReader(listened).rest(), []);
    }
    const resumed = await alice.listen({ "last-event-id": first });
    const events = new EventReader(resumed);
    assert.equal((await events.message()).id, ASKED, "she hears it again");
    await refused(await alice.post(answer("alice")), 202);
    assertOwn((await events.rest()).at(-1) as Message, "alice", "intruder");
    assert.equal(await alice.end(), 204);
  });

  it(
    "works with the same ids at the same time, and each hears its own",
    LIMIT,
    async () => {
      const sessions = {
        alice: await streamable("alice"),
        bob: await streamable("bob"),
      };
      const [a, b] = await Promise.all([
        atWork(sessions.alice),
        atWork(sessions.bob),
      ]);
      await refused(await sessions.bob.post(answer("bob")), 202);
      await refused(await sessions.alice.post(answer("alice")), 202);
      assertOwn((await a.events.rest()).at(-1) as Message, "alice", "bob");
      assertOwn((await b.events.rest()).at(-1) as Message, "bob", "alice");
      await Promise.all([sessions.alice.end(), sessions.bob.end()]);
    },
  );

  it(
    "gets 404 at the message endpoint of SSE, however the id is written",
    LIMIT,
    async () => {
      await using alice = await sse("alice");
      await using bob = await sse("bob");
      const id = alice.endpoint.searchParams.get("sessionId") as string;
      const bobs = bob.endpoint.searchParams.get("sessionId") as string;
      await alice.say(WORK);
      assert.equal((await alice.events.message()).id, ASKED);
      const queries = [
        ...spellings(id).map((one) => `sessionId=${encodeURIComponent(one)}`),
        `%73essionId=${id}`,
        `sessionId=${id}&sessionId=${bobs}`,
        `sessionId=${id}&sessionid=${bobs}`,
      ];
      for (const query of queries) {
        for (const message of [request(CALL, "x/echo"), ...INTRUSIONS]) {
          await refused(await posted(bob, query, message), 404);
        }
      }
      for (const message of INTRUSIONS) {
        const query = `sessionId=${bobs}&sessionId=${id}`;
        await refused(await posted(bob, query, message), 202);
      }
      await refused(
        await posted(bob, `SESSIONID=${id}`, answer("intruder")),
        400,
      );
      await alice.say(answer("alice"));
      const progress = await alice.events.message();
      assert.deepEqual(progress.method, "notifications/progress");
      assertOwn(await alice.events.message(), "alice", "intruder");
      assert.ok("result" in await bob.call(1, "x/echo"), "its own goes on");
    },
  );

  it("gets 401 at a server that is not for it", LIMIT, async () => {
    const alice = await streamable("alice", "hers");
    await using listening = await sse("alice", "hers");
    const stolen = new StreamableSession(alice.url, TOKENS.bob, alice.id);
    const { events } = await atWork(alice);
    await refused(await stolen.post(answer("intruder")), 401);
    await refused(await stolen.listen(), 401);
    assert.equal(await stolen.end(), 401);
    const query = listening.endpoint.search;
    await refused(await posted(listening, query, request(1, "x/echo")), 401);
    await refused(await alice.post(answer("alice")), 202);
    assertOwn((await events.rest()).at(-1) as Message, "alice", "intruder");
    assert.ok("result" in await listening.call(1, "x/echo"), "it goes on");
    assert.equal(await alice.end(), 204);
  });

  it("is named in the log, and no secret with it", LIMIT, async () => {
    const running = await gateway();
    const alice = await streamable("alice");
    await using listening = await sse("alice");
    const id = listening.endpoint.searchParams.get("sessionId") as string;
    const stolen = new StreamableSession(alice.url, TOKENS.bob, alice.id);
    await refused(await stolen.post(request(1, "x/echo")), 404);
    await refused(
      await posted(listening, `sessionId=${id}`, request(1, "x/echo")),
      404,
    );
    assert.equal(await alice.end(), 204);
    for (const session of [labelOf(alice.id), labelOf(id)]) {
      const msg = "Session of another token asked for";
      const line = await running.logged(msg, { session });
      assert.equal(line.token_name, "bob");
      const opened = await running.logged("Session opened", { session });
      assert.equal(opened.token_name, "alice");
    }
    const text = await running.logText();
    for (const secret of [alice.id, id, ...Object.values(TOKENS), ASKED]) {
      assert.ok(!text.includes(secret), secret);
    }
  });

  function posted(by: SseSession, query: string, message: Message) {
    const url = new URL(by.endpoint);
    url.search = query;
    return fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${TOKENS.bob}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(message),
    });
  }
});
