// A session at the root, message by message: what each server hears, and what the client is told.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../../lib/errors.ts";
import type { Message } from "../../../lib/protocol/messages.ts";
import { openRoot } from "../../support/root_session.ts";
import type { PlayedServer, RootFixture } from "../../support/root_session.ts";

const LIMIT = { timeout: 30_000 };

const ALL = { tools: {}, prompts: {}, resources: {}, logging: {} };

/** Two servers, `a` and `b`, that have shaken hands with a client. */
async function begin(
  capabilities: Record<string, unknown> = ALL,
): Promise<
  RootFixture & { readonly a: PlayedServer; readonly b: PlayedServer }
> {
  const fixture = await openRoot(["a", "b"]);
  const [a, b] = fixture.servers as [PlayedServer, PlayedServer];
  await fixture.client.initialize();
  await Promise.all([a.hello(capabilities), b.hello(capabilities)]);
  await fixture.client.next();
  await fixture.client.send({ method: "notifications/initialized" });
  assert.equal((await a.hear()).method, "notifications/initialized");
  assert.equal((await b.hear()).method, "notifications/initialized");
  return { ...fixture, a, b };
}

function call(name: string, id: Message["id"] = 1) {
  return { id, method: "tools/call", params: { name } };
}

describe("a session at the root", () => {
  it(
    "gives each server the client's own initialize, and initialized after the client's",
    LIMIT,
    async () => {
      await using fixture = await openRoot(["a"]);
      const { client, servers: [a] } = fixture;
      await client.initialize();
      const { params } = await (a as PlayedServer).hello();
      assert.deepEqual(params?.clientInfo, { name: "test", version: "1" });
      const { result } = (await client.next()).message();
      const { serverInfo } = result as Record<string, Record<string, unknown>>;
      assert.equal(serverInfo?.title, "Test");
      await client.send({ method: "notifications/initialized" });
      assert.equal(
        (await a?.hear())?.method,
        "notifications/initialized",
      );
    },
  );

  it(
    "passes a call on with the server's own name and the client's id",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a } = session;
      await client.send(call("a__read", "x"));
      const heard = await a.hear();
      assert.deepEqual([heard.id, heard.params?.name], ["x", "read"]);
      a.say({ id: "x", result: { content: [] } });
      assert.equal((await client.next()).head.id, "x");
    },
  );

  it("takes no answer of a server that was not asked", LIMIT, async () => {
    await using session = await begin();
    const { client, a, b, log } = session;
    await client.send(call("a__read"));
    await a.hear();
    b.say({ id: 1, result: { from: "b" } });
    await client.send(call("b__read", 2));
    await b.hear();
    b.say({ id: 2, result: {} });
    assert.equal((await client.next()).head.id, 2);
    a.say({ id: 1, result: { from: "a" } });
    assert.deepEqual((await client.next()).message().result, { from: "a" });
    const dropped = log.find(({ msg }) => msg === "Message dropped");
    assert.deepEqual(
      [dropped?.level, dropped?.server, dropped?.kind],
      ["WARN", "b", "response"],
    );
  });

  it("takes no progress for another server's call", LIMIT, async () => {
    await using session = await begin();
    const { client, a, b } = session;
    const params = { name: "read", _meta: { progressToken: "t" } };
    await client.send({
      id: 1,
      method: "tools/call",
      params: { ...params, name: "a__read" },
    });
    await a.hear();
    const progress = (count: number) => ({
      method: "notifications/progress",
      params: { progressToken: "t", progress: count },
    });
    b.say(progress(9));
    b.say({ method: "notifications/tools/list_changed" });
    const { method } = (await client.next()).head;
    assert.equal(method, "notifications/tools/list_changed");
    a.say(progress(1));
    assert.equal((await client.next()).message().params?.progress, 1);
  });

  it(
    "gives each server the answers to its own questions, though they have the same ids",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      const method = "sampling/createMessage";
      a.say({ id: 0, method, params: { who: "a" } });
      b.say({ id: 0, method, params: { who: "b" } });
      const questions = [await client.next(), await client.next()]
        .map((one) => one.message());
      assert.notEqual(questions[0]?.id, questions[1]?.id);
      for (const { id, params } of questions.toReversed()) {
        await client.send({ id, result: { to: params?.who } });
      }
      assert.deepEqual(await a.hear(), {
        jsonrpc: "2.0",
        id: 0,
        result: { to: "a" },
      });
      assert.deepEqual(await b.hear(), {
        jsonrpc: "2.0",
        id: 0,
        result: { to: "b" },
      });
    },
  );

  it("asks the client for its roots once for all servers", LIMIT, async () => {
    await using session = await begin();
    const { client, a, b } = session;
    a.say({ id: "of a", method: "roots/list" });
    const question = await client.next();
    b.say({ id: 7, method: "roots/list" });
    b.say({ method: "notifications/tools/list_changed" });
    // Had b's question gone to the client, it would have come before this.
    assert.equal(
      (await client.next()).head.method,
      "notifications/tools/list_changed",
    );
    const result = { roots: [{ uri: "file:///a" }] };
    await client.send({ id: question.head.id, result });
    assert.deepEqual(await a.hear(), { jsonrpc: "2.0", id: "of a", result });
    assert.deepEqual(await b.hear(), { jsonrpc: "2.0", id: 7, result });
  });

  it(
    "takes a cancellation to the server that has the request, and to no other",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      await client.send(call("a__read"));
      await a.hear();
      const method = "notifications/cancelled";
      await client.send({ method, params: { requestId: 1 } });
      assert.equal((await a.hear()).method, method);
      await client.send(call("b__read", 2));
      assert.equal((await b.hear()).method, "tools/call");
    },
  );

  it("refuses what says nothing of whom it is for", LIMIT, async () => {
    await using session = await begin();
    const { error } = await session.client.ask("tasks/list");
    assert.equal(error?.code, -32601);
  });

  it("refuses everything before initialize", LIMIT, async () => {
    await using session = await openRoot(["a"]);
    const { error } = await session.client.ask("tools/list");
    assert.equal(error?.code, -32600);
    assert.equal(session.servers[0]?.opened, 0);
  });

  it(
    "answers a call of a server that has left with why, and opens it anew for the next",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a } = session;
      await client.send(call("a__read"));
      await a.hear();
      a.leave(new GatewayError("backend_changed", "It is another one now"));
      const { error } = (await client.next()).message();
      assert.match(String(error?.message), /It is another one now/);
      await client.send(call("a__read", 2));
      await a.hello();
      assert.equal((await a.hear()).method, "notifications/initialized");
      assert.equal((await a.hear()).id, 2);
      assert.equal(a.opened, 2);
    },
  );

  it(
    "holds a call until its server has started, and answers others meanwhile",
    LIMIT,
    async () => {
      await using fixture = await openRoot(["slow", "quick"]);
      const { client, servers } = fixture;
      const [slow, quick] = servers as [PlayedServer, PlayedServer];
      await client.initialize();
      await quick.hello();
      const initialize = await slow.hear();
      // Both wait: the welcome for the slow one, at most two seconds.
      assert.equal((await client.next()).head.id, "init");
      await client.send({ method: "notifications/initialized" });
      await quick.hear();
      await client.send(call("slow__read", 1));
      await client.send(call("quick__read", 2));
      await quick.hear();
      quick.say({ id: 2, result: {} });
      assert.equal((await client.next()).head.id, 2);
      slow.say({
        id: initialize.id,
        result: { protocolVersion: "2025-11-25", capabilities: {} },
      });
      assert.equal((await slow.hear()).method, "notifications/initialized");
      assert.equal((await slow.hear()).id, 1);
    },
  );

  it(
    "sets the log level at servers that log, and at one that comes later",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      const level = { level: "debug" };
      await client.send({ id: 1, method: "logging/setLevel", params: level });
      await Promise.all([
        a.answer("logging/setLevel", {}),
        b.answer("logging/setLevel", {}),
      ]);
      assert.deepEqual((await client.next()).message().result, {});
      await client.send(call("b__read", 2));
      await b.hear();
      b.leave();
      assert.ok((await client.next()).head.failed);
      await client.send(call("b__read", 3));
      await b.hello(ALL);
      const heard = [await b.hear(), await b.hear(), await b.hear()];
      const set = heard.find(({ method }) => method === "logging/setLevel");
      assert.deepEqual(set?.params, level);
    },
  );

  it(
    "tells an error of setting the level only where all have refused",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, a, b } = session;
      const refuse = async (server: PlayedServer) => {
        const { id } = await server.hear();
        server.say({ id, error: { code: -32602, message: "no such level" } });
      };
      const params = { level: "x" };
      await client.send({ id: 1, method: "logging/setLevel", params });
      await Promise.all([refuse(a), b.answer("logging/setLevel", {})]);
      assert.deepEqual((await client.next()).message().result, {});
      await client.send({ id: 2, method: "logging/setLevel", params });
      await Promise.all([refuse(a), refuse(b)]);
      const { error } = (await client.next()).message();
      assert.equal(error?.message, "no such level");
    },
  );

  it(
    "makes a subscription when the server that has the resource comes",
    LIMIT,
    async () => {
      await using fixture = await openRoot(["late"]);
      const { client, servers: [late] } = fixture;
      assert.ok(late);
      await client.initialize();
      await late.hear();
      late.leave();
      await client.next();
      const uri = "file:///x";
      const subscribed = client.send({
        id: 1,
        method: "resources/subscribe",
        params: { uri },
      });
      // The search for it begins the server again, and fails again.
      await late.hear();
      late.leave();
      await subscribed;
      assert.deepEqual((await client.next()).message().result, {});
      await late.hello({ resources: { subscribe: true } });
      for (let asked = await late.hear();; asked = await late.hear()) {
        if (asked.method === "resources/subscribe") {
          assert.deepEqual(asked.params, { uri });
          break;
        }
        const result = asked.method === "resources/list"
          ? { resources: [{ uri, name: "x" }] }
          : { resourceTemplates: [] };
        if (asked.id !== undefined) late.say({ id: asked.id, result });
      }
    },
  );

  it(
    "reads a resource that a tool's answer has pointed to",
    LIMIT,
    async () => {
      await using session = await begin();
      const { client, b } = session;
      await client.send(call("b__find"));
      await b.hear();
      const uri = "b://unlisted";
      const content = [{ type: "resource_link", name: "x", uri }];
      b.say({ id: 1, result: { content } });
      await client.next();
      await client.send({ id: 2, method: "resources/read", params: { uri } });
      assert.deepEqual((await b.hear()).params, { uri });
    },
  );

  it("ends all its servers", LIMIT, async () => {
    const session = await begin();
    const { a, b, client } = session;
    await client.channel.close();
    assert.equal(await a.hear(), undefined);
    assert.equal(await b.hear(), undefined);
  });
});
