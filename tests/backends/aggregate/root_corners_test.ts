// What happens at the root between two messages, and where servers and clients do odd things.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { FIRST_RETRY_MS } from "../../../lib/backends/aggregate/retries.ts";
import { GatewayError } from "../../../lib/errors.ts";
import type { Message } from "../../../lib/protocol/messages.ts";
import { openRoot } from "../../support/root_session.ts";
import type {
  PlayedServer,
  Reply,
  RootFixture,
} from "../../support/root_session.ts";

const LIMIT = { timeout: 60_000 };
const ALL = { tools: {}, prompts: {}, resources: {}, logging: {} };
/** More turns than anything here takes. */
const TURNS = 40;

const HELLO = { protocolVersion: "2025-11-25", capabilities: ALL };

type Session = RootFixture & {
  readonly a: PlayedServer;
  readonly b: PlayedServer;
};

/** Two servers that have shaken hands with a client. */
async function begin(capabilities = {}): Promise<Session> {
  const fixture = await openRoot(["a", "b"]);
  const [a, b] = fixture.servers as [PlayedServer, PlayedServer];
  await fixture.client.send({
    id: "init",
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities },
  });
  await Promise.all([a.hello(ALL), b.hello(ALL)]);
  await fixture.client.next();
  await fixture.client.send({ method: "notifications/initialized" });
  await Promise.all([a.hear(), b.hear()]);
  return { ...fixture, a, b };
}

function call(name: string, id: Message["id"] = 1) {
  return { id, method: "tools/call", params: { name } };
}

const read = (uri: string, id: Message["id"]) => ({
  id,
  method: "resources/read",
  params: { uri },
});

/** A server with these resources, and nothing else. */
function listing(uris: readonly string[]) {
  return ({ method }: Message): Reply => {
    switch (method) {
      case "resources/list":
        return { result: { resources: uris.map((uri) => ({ uri })) } };
      case "resources/templates/list":
        return { result: { resourceTemplates: [] } };
      case "initialize":
        return { result: HELLO };
    }
    return { result: { said: method } };
  };
}

describe("a message that comes just when a server becomes ready", () => {
  for (
    const [what, message, heard] of [
      ["a call", call("a__x"), "tools/call"],
      [
        "initialized",
        { method: "notifications/initialized" },
        "notifications/initialized",
      ],
    ] as const
  ) {
    it(`reaches it, in whichever turn: ${what}`, LIMIT, async () => {
      for (let turns = 0; turns < TURNS; turns++) {
        await using session = await openRoot(["a"]);
        const { client, servers: [a] } = session;
        await client.initialize();
        const { id } = await a?.hear() as Message;
        a?.say({ id, result: HELLO });
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        await client.send(message);
        assert.equal((await a?.hear())?.method, heard, `turn ${turns}`);
      }
    });
  }
});

describe("a list", () => {
  it(
    "that a server has not is no reason to tell of changes",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      const none = { code: -32601, message: "Method not found" };
      const heard = a.serve(({ method }) =>
        method === "ping" ? { result: {} } : { error: none }
      );
      b.serve(listing([]));
      const { result } = await client.ask("resources/templates/list");
      assert.deepEqual(result, { resourceTemplates: [] });
      // Whoever is in doubt of a server has asked it by then.
      await delay(2 * FIRST_RETRY_MS);
      assert.ok(!heard.includes("ping"));
    },
  );

  it(
    "ends where its next cursor is empty, or the same again",
    LIMIT,
    async () => {
      for (const nextCursor of ["", "same"]) {
        await using session = await begin();
        const { client, a, b } = session;
        a.serve(() => ({ result: { tools: [{ name: "x" }], nextCursor } }));
        b.serve(() => ({ result: { tools: [{ name: "y" }] } }));
        const names: string[] = [];
        let cursor: unknown;
        do {
          const params = cursor === undefined ? {} : { cursor };
          await client.send({ id: 1, method: "tools/list", params });
          const { result } = (await client.next()).message() as {
            result: { tools: { name: string }[]; nextCursor?: string };
          };
          names.push(...result.tools.map(({ name }) => name));
          cursor = result.nextCursor;
        } while (cursor !== undefined);
        assert.equal(names.at(-1), "b__y");
      }
    },
  );

  it(
    "with a cursor that its server does not know is refused",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      b.serve(() => ({ result: { tools: [] } }));
      a.serve(({ params }) =>
        params?.cursor === undefined
          ? { result: { tools: [], nextCursor: "2" } }
          : { error: { code: -32602, message: "no such cursor" } }
      );
      const { result } = await client.ask("tools/list");
      const cursor = (result as { nextCursor: string }).nextCursor;
      const params = { cursor };
      await client.send({ id: 2, method: "tools/list", params });
      assert.equal((await client.next()).message().error?.code, -32602);
    },
  );

  it(
    "that was cancelled answers no call that has its id now",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      await client.send({ id: 1, method: "tools/list" });
      const asked = await a.hear();
      await b.answer("tools/list", { tools: [] });
      const method = "notifications/cancelled";
      await client.send({ method, params: { requestId: 1 } });
      await client.send(call("b__x", 1));
      a.say({ id: asked.id, result: { tools: [] } });
      await b.answer("tools/call", { content: ["of the call"] });
      const { result } = (await client.next()).message();
      assert.deepEqual(result, { content: ["of the call"] });
    },
  );
});

describe("a request whose server is looked for", () => {
  it(
    "is not passed on once it is cancelled, and another may have its id",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      await client.send(read("a:1", 1));
      const [first, second] = [await a.hear(), await a.hear()];
      const method = "notifications/cancelled";
      await client.send({ method, params: { requestId: 1 } });
      await client.send(read("a:2", 1));
      b.serve(listing([]));
      const answer = listing(["a:1", "a:2"]);
      for (const request of [first, second]) {
        a.say({ id: request.id, ...answer(request) });
      }
      assert.deepEqual((await a.hear()).params, { uri: "a:2" });
    },
  );

  it(
    "is found at a server that came while it was looked for",
    LIMIT,
    async () => {
      await using session = await openRoot(["a", "b"]);
      const { client, servers } = session;
      const [a, b] = servers as [PlayedServer, PlayedServer];
      await client.initialize();
      a.serve(({ method }) =>
        method === "initialize" ? { result: HELLO } : undefined
      );
      const initialize = await b.hear();
      await client.next();
      await client.send(read("b:1", 1));
      b.say({ id: initialize.id, result: HELLO });
      b.serve(listing(["b:1"]));
      await client.send(read("b:1", 2));
      const { head, ...rest } = await client.next();
      assert.equal(head.failed, false, JSON.stringify(rest));
    },
  );

  it("without a name is refused as such", LIMIT, async () => {
    await using session = await begin();
    const { error } = await session.client.ask("tools/call");
    assert.equal(error?.code, -32602);
  });
});

describe("the client's roots", () => {
  const question = { id: 5, method: "roots/list" };
  const caching = { roots: { listChanged: true } };

  it("are not said to who has taken the question back", LIMIT, async () => {
    await using session = await begin();
    const { client, a, log } = session;
    a.say(question);
    const { head: { id } } = await client.next();
    const method = "notifications/cancelled";
    a.say({ method, params: { requestId: 5 } });
    a.say({ id: 5, method: "elicitation/create", params: {} });
    const elicitation = await client.next();
    await client.send({ id, result: { roots: [] } });
    await client.send({
      id: elicitation.head.id,
      result: { action: "accept" },
    });
    assert.deepEqual((await a.hear()).result, { action: "accept" });
    assert.deepEqual(log.filter(({ level }) => level === "WARN"), []);
  });

  it(
    "are asked for anew by whoever asks after a change, though an answer is under way",
    LIMIT,
    async () => {
      await using session = await begin(caching);
      const { client, a } = session;
      a.say(question);
      const old = await client.next();
      await client.send({ method: "notifications/roots/list_changed" });
      assert.equal((await a.hear()).method, "notifications/roots/list_changed");
      a.say({ ...question, id: 6 });
      // What comes after it has been heard when this is.
      a.say({ method: "notifications/tools/list_changed" });
      await client.next();
      await client.send({ id: old.head.id, result: { roots: ["old"] } });
      assert.deepEqual((await a.hear()).result, { roots: ["old"] });
      const anew = await client.next();
      await client.send({ id: anew.head.id, result: { roots: ["new"] } });
      const answer = await a.hear();
      assert.deepEqual([answer.id, answer.result], [6, { roots: ["new"] }]);
    },
  );

  it("are said again without a question until they change", LIMIT, async () => {
    await using session = await begin(caching);
    const { client, a, b } = session;
    a.say(question);
    const asked = await client.next();
    await client.send({ id: asked.head.id, result: { roots: ["once"] } });
    assert.deepEqual((await a.hear()).result, { roots: ["once"] });
    b.say(question);
    assert.deepEqual((await b.hear()).result, { roots: ["once"] });
  });
});

describe("a server in another life", () => {
  it(
    "has its subscriptions made again, and the client is told that its lists may have changed",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      b.serve(listing([]));
      let heard = a.serve(listing(["a:1"]));
      const uri = "a:1";
      const subscribe = { method: "resources/subscribe", params: { uri } };
      await client.send({ id: 1, ...subscribe });
      assert.ok(!(await client.next()).head.failed);
      await client.send(call("a__x", 2));
      await client.next();
      a.leave(new GatewayError("backend_changed", "It is another one now"));
      heard = a.serve(listing(["a:1"]));
      // The end is noticed in a turn of its own.
      await new Promise((resolve) => setImmediate(resolve));
      await client.send(call("a__x", 3));
      const told = new Set<unknown>();
      while (told.size < 4) {
        const { method, id } = (await client.next()).head;
        told.add(method ?? id);
      }
      assert.deepEqual([...told].toSorted(), [
        3,
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/tools/list_changed",
      ]);
      await client.send(call("a__x", 4));
      await client.next();
      assert.ok(heard.includes("resources/subscribe"), heard.join());
    },
  );
});

describe("what a server says of its own", () => {
  it("is a request where it is one, whatever it is called", LIMIT, async () => {
    await using session = await begin();
    const { client, a } = session;
    a.say({ id: 1, method: "notifications/resources/updated", params: {} });
    const asked = await client.next();
    await client.send({ id: asked.head.id, result: {} });
    assert.equal((await a.hear()).id, 1);
  });

  it("of an error is not repeated at length", LIMIT, async () => {
    await using session = await begin();
    const { client, a, b, log } = session;
    b.serve(() => ({ result: { tools: [] } }));
    const code = "x".repeat(1_000) as unknown as number;
    a.serve(() => ({ error: { code, message: "no" } }));
    const answer = await client.ask("tools/list");
    const said = JSON.stringify([answer, log]);
    assert.match(said, /refused tools\/list with error NaN/);
    assert.ok(!said.includes("xxx"));
  });
});

describe("a server that reads nothing more", () => {
  it(
    "holds up nobody else, and what is too much for it is refused",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      a.stopReading();
      const text = "x".repeat(9 * 1024 * 1024);
      for (const id of [1, 2, 3]) {
        const params = { name: "a__x", arguments: { text } };
        await client.send({ id, method: "tools/call", params });
      }
      const { head, tells } = await client.next();
      assert.equal(head.id, 3);
      assert.equal(tells?.fault, "backend_stalled");
      await client.send(call("b__x", 4));
      assert.equal((await b.hear()).id, 4);
    },
  );
});

describe("a log level", () => {
  it(
    "that is being set reaches a server that comes meanwhile",
    LIMIT,
    async () => {
      await using session = await openRoot(["a", "b"]);
      const { client, servers } = session;
      const [a, b] = servers as [PlayedServer, PlayedServer];
      await client.initialize();
      await a.hello(ALL);
      const initialize = await b.hear();
      await client.next();
      const params = { level: "error" };
      await client.send({ id: 1, method: "logging/setLevel", params });
      const asked = await a.hear();
      b.say({ id: initialize.id, result: HELLO });
      assert.deepEqual((await b.hear()).params, params);
      a.say({ id: asked.id, result: {} });
      assert.deepEqual((await client.next()).message().result, {});
    },
  );
});
