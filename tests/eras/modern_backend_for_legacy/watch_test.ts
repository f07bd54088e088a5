// What a session watches at a server of the modern era, and what its client hears of it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../../lib/channel/envelope.ts";
import { GatewayError } from "../../../lib/errors.ts";
import type { Message } from "../../../lib/protocol/messages.ts";
import { META } from "../../../lib/protocol/meta.ts";
import { BridgedWorld, CAPABLE } from "../../support/bridged_session.ts";

const LIMIT = { timeout: 30_000 };
const LISTEN = "subscriptions/listen";
const TOOLS_CHANGED = "notifications/tools/list_changed";
const UPDATED = "notifications/resources/updated";

type Members = Readonly<Record<string, unknown>>;

/** A session that has begun. */
async function begin(capabilities: Members = CAPABLE): Promise<BridgedWorld> {
  const world = await BridgedWorld.begin({ discovered: { capabilities } });
  await world.client.say({ method: "notifications/initialized" });
  return world;
}

/** The next subscription that the server is asked for, and what it is to be told of. */
async function listen({ server }: BridgedWorld) {
  const request = await server.hears();
  assert.equal(request.method, LISTEN);
  assert.ok(META.protocolVersion in (request.params?._meta as Members));
  const { id, params } = request as Message & { readonly id: string };
  return { id, filter: params?.notifications as Members };
}

function notice(id: string, method: string, params: Members = {}) {
  return {
    method,
    params: { ...params, _meta: { [META.subscriptionId]: id } },
  };
}

function acknowledge({ server }: BridgedWorld, id: string, granted: Members) {
  const method = "notifications/subscriptions/acknowledged";
  server.say(notice(id, method, { notifications: granted }), id);
}

/** Has the client subscribe to one more resource; the server grants everything. */
async function subscribe(world: BridgedWorld, uri: string, former?: string) {
  await world.client.say({
    id: uri,
    method: "resources/subscribe",
    params: { uri },
  });
  const { id, filter } = await listen(world);
  acknowledge(world, id, filter);
  if (former) {
    const { method, params } = await world.server.hears();
    assert.equal(method, "notifications/cancelled");
    assert.equal(params?.requestId, former);
  }
  const answer = await world.client.answer(uri);
  assert.deepEqual(answer.message().result, {});
  return { id, filter };
}

describe("a session", () => {
  it(
    "watches the lists that may change, once its client is ready",
    LIMIT,
    async () => {
      await using world = await begin();
      const { id, filter } = await listen(world);
      assert.deepEqual(filter, { toolsListChanged: true });
      acknowledge(world, id, filter);
      world.server.say(notice(id, TOOLS_CHANGED, { "x/y": 1 }), id);
      const told = await world.client.told(TOOLS_CHANGED);
      assert.deepEqual(told.message().params, { "x/y": 1 });
      assert.equal(told.relatesTo, null);
      world.server.say(notice(id, TOOLS_CHANGED), id);
      const bare = await world.client.told(TOOLS_CHANGED, 2);
      assert.ok(!("params" in bare.message()));
    },
  );

  it("watches nothing where nothing changes", LIMIT, async () => {
    await using world = await begin({ tools: {}, resources: {} });
    await world.client.say({ id: 1, method: "x/next" });
    assert.equal((await world.server.hears()).method, "x/next");
  });

  it(
    "has one subscription at the server for all: a new one takes the place of the old",
    LIMIT,
    async () => {
      await using world = await begin();
      const { client, server } = world;
      const lists = await listen(world);
      acknowledge(world, lists.id, lists.filter);
      const first = await subscribe(world, "file:///a", lists.id);
      assert.deepEqual(first.filter, {
        toolsListChanged: true,
        resourceSubscriptions: ["file:///a"],
      });
      const second = await subscribe(world, "file:///b", first.id);
      server.say(notice(first.id, UPDATED, { uri: "file:///a" }), first.id);
      server.say(notice(second.id, UPDATED, { uri: "file:///b" }), second.id);
      const told = await client.told(UPDATED);
      assert.deepEqual(told.message().params, { uri: "file:///b" });
      await client.say({
        id: 3,
        method: "resources/unsubscribe",
        params: { uri: "file:///a" },
      });
      assert.deepEqual((await client.answer(3)).message().result, {});
      const third = await listen(world);
      assert.deepEqual(third.filter.resourceSubscriptions, ["file:///b"]);
      // The same once more is nothing new.
      const again = { uri: "file:///b" };
      await client.say({ id: 4, method: "resources/subscribe", params: again });
      assert.deepEqual((await client.answer(4)).message().result, {});
    },
  );

  it("opens one for all that is asked meanwhile", LIMIT, async () => {
    await using world = await begin({ resources: { subscribe: true } });
    for (const uri of ["a", "b", "c"]) {
      const method = "resources/subscribe";
      await world.client.say({ id: uri, method, params: { uri } });
    }
    const first = await listen(world);
    assert.deepEqual(first.filter, { resourceSubscriptions: ["a"] });
    acknowledge(world, first.id, first.filter);
    const second = await listen(world);
    const all = { resourceSubscriptions: ["a", "b", "c"] };
    assert.deepEqual(second.filter, all);
    acknowledge(world, second.id, all);
    assert.equal((await world.server.hears()).params?.requestId, first.id);
    for (const uri of ["a", "b", "c"]) await world.client.answer(uri);
  });

  it("says what of it the server does not tell", LIMIT, async () => {
    await using world = await begin({ resources: { subscribe: true } });
    const { client, server } = world;
    const ask = (id: number, uri: unknown) =>
      client.say({ id, method: "resources/subscribe", params: { uri } });
    const codeOf = async (id: number) =>
      (await client.answer(id)).message().error?.code;
    await ask(1, "a");
    acknowledge(world, (await listen(world)).id, {});
    assert.equal(await codeOf(1), -32602);
    await ask(2, "b");
    const { id, filter } = await listen(world);
    assert.deepEqual(filter, { resourceSubscriptions: ["b"] });
    server.say({ id, error: { code: -32603, message: "Too many" } });
    assert.equal(await codeOf(2), -32603);
    await ask(3, 7);
    assert.equal(await codeOf(3), -32602);
  });

  it(
    "watches again what it lost, and tells that all of it may have changed",
    LIMIT,
    async () => {
      await using world = await begin();
      const { client, server } = world;
      const lists = await listen(world);
      acknowledge(world, lists.id, lists.filter);
      const { id } = await subscribe(world, "file:///a", lists.id);
      const lost = new GatewayError("backend_unavailable", "It broke");
      server.tell(Envelope.failure(id, lost).relating(id));
      const again = await listen(world);
      assert.deepEqual(again.filter, {
        toolsListChanged: true,
        resourceSubscriptions: ["file:///a"],
      });
      assert.ok(!client.heard.all.some(({ head }) => head.method === UPDATED));
      acknowledge(world, again.id, again.filter);
      await client.told(TOOLS_CHANGED);
      const updated = await client.told(UPDATED);
      assert.deepEqual(updated.message().params, { uri: "file:///a" });
      // One that the server ends in good order is not different.
      server.say({ id: again.id, result: { resultType: "complete" } });
      const third = await listen(world);
      acknowledge(world, third.id, third.filter);
      await client.told(UPDATED, 2);
    },
  );

  it("does not ask again a server that refuses", LIMIT, async () => {
    await using world = await begin();
    const { id } = await listen(world);
    const error = { code: -32601, message: "no" };
    world.server.say({ id, error });
    await world.client.say({ id: 1, method: "x/next" });
    assert.equal((await world.server.hears()).method, "x/next");
  });
});
