// A shared server from its start to its end: what it is asked first, what its death means to whom, and who ends it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { NotModern } from "../../../lib/channel/not_modern.ts";
import { GatewayError } from "../../../lib/errors.ts";
import type { Principal } from "../../../lib/principal.ts";
import { holds } from "../../support/running.ts";
import { SharedWorld } from "../../support/shared_server.ts";

const LIMIT = { timeout: 30_000 };
/** Longer than a child takes to start. */
const SILENCE_MS = 2_000;
const POLL_MS = 50;
const LISTEN = "subscriptions/listen";
const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
const FILTER = {
  toolsListChanged: true,
  resourceSubscriptions: ["file:///a", "file:///b"],
};

function hasRoom({ backend }: SharedWorld, principal: Principal): boolean {
  try {
    backend.admit?.(principal);
    return true;
  } catch {
    return false;
  }
}

describe("a shared server", () => {
  it(
    "is asked whether it is of the modern era before anything else, with each child",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const client = await world.open();
      assert.equal(world.puppets.count, 0);
      await client.say({ id: 1, method: "x/one" });
      await client.say({ id: 2, method: "x/two" });
      const first = await world.puppets.life(1);
      await first.discover();
      await first.answer("x/one");
      await first.answer("x/two");
      await client.answer(2);
      assert.deepEqual(first.methods, ["server/discover", "x/one", "x/two"]);
      first.leave();
      await world.died();
      await client.say({ id: 3, method: "x/three" });
      const second = await world.puppets.life(2);
      await second.discover();
      await second.told("x/three");
    },
  );

  for (
    const [what, say] of [
      ["knows no such request", { error: { code: -32601, message: "no" } }],
      ["refuses it with a code of its own", {
        error: { code: -32000, message: "Not initialized" },
      }],
      ["answers it with something else", { result: {} }],
      ["speaks only revisions with sessions", {
        error: {
          code: -32022,
          message: "no",
          data: { supported: ["2025-11-25"] },
        },
      }],
      ["ends", undefined],
    ] as const
  ) {
    it(
      `that ${what} is not of the modern era: nothing else is sent to it`,
      LIMIT,
      async () => {
        await using world = await SharedWorld.start();
        const client = await world.open();
        await client.say({ id: 1, method: "x/one" });
        await client.say({ id: 2, method: LISTEN });
        const server = await world.puppets.life(1);
        const { message } = await server.told("server/discover");
        if (say) server.say({ id: message.id, ...say });
        else server.leave();
        for (const id of [1, 2]) {
          const { tells } = await client.answer(id);
          assert.ok(tells instanceof NotModern);
        }
        await server.gone;
        assert.deepEqual(server.methods, ["server/discover"]);
      },
    );
  }

  it(
    "that is found not to be of the modern era when whoever asked has left: the next one is told",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const client = await world.open();
      await client.say({ id: 1, method: "x/one" });
      const server = await world.puppets.life(1);
      const { message: { id } } = await server.told("server/discover");
      await client.channel.close();
      server.say({ id, error: { code: -32601, message: "no" } });
      await server.gone;
      const other = await world.open();
      await other.say({ id: 2, method: "x/two" });
      assert.ok((await other.answer(2)).tells instanceof NotModern);
      assert.equal(world.puppets.count, 1);
      await other.say({ id: 3, method: "x/three" });
      await (await world.puppets.life(2)).told("server/discover");
    },
  );

  it(
    "that refuses the revision, but speaks another of the gateway's, is of the modern era",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const client = await world.open();
      await client.say({ id: 1, method: "x/one" });
      const server = await world.puppets.life(1);
      const { message: { id } } = await server.told("server/discover");
      const data = { supported: ["2025-11-25", "2026-07-28"] };
      server.say({ id, error: { code: -32022, message: "no", data } });
      await server.told("x/one");
    },
  );

  it(
    "that dies leaves an error that says how; who asks again gets another, later and later",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { client, server } = await world.begin();
      const other = await world.open();
      await client.say({ id: 1, method: "x/one" });
      await other.say({ id: 1, method: "x/other" });
      await server.told("x/other");
      server.leave();
      for (const conversation of [client, other]) {
        const { tells } = await conversation.answer(1);
        assert.equal(tells?.fault, "backend_exited");
        assert.match(tells?.message ?? "", /"files" exited with code 0/);
      }
      await client.say({ id: 2, method: "x/two" });
      const second = await world.puppets.life(2);
      await second.told("server/discover");
      second.leave();
      assert.equal((await client.answer(2)).tells?.fault, "backend_exited");
      await client.say({ id: 3, method: "x/three" });
      const { error } = (await client.answer(3)).message();
      assert.match(error?.message ?? "", /Nothing was sent. Try again in 1 s/);
      assert.equal(world.puppets.count, 2);
    },
  );

  it(
    "that dies is started again for its subscriptions, which are told that all may have changed",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { client, server } = await world.begin();
      await client.say({
        id: "l",
        method: LISTEN,
        params: { notifications: FILTER },
      });
      const acknowledge = async (life: typeof server) => {
        const { message: { id } } = await life.told(LISTEN);
        const params = { _meta: { [SUBSCRIPTION]: id }, notifications: FILTER };
        life.say({ method: ACKNOWLEDGED, params });
        return id;
      };
      await acknowledge(server);
      await client.told(ACKNOWLEDGED);
      const before = client.heard.all.length;
      server.leave();
      const second = await world.puppets.life(2);
      await second.discover();
      const id = await acknowledge(second);
      await client.told("notifications/resources/updated", 2);
      const told = client.heard.all.slice(before);
      assert.deepEqual(told.map(({ head }) => head.method), [
        "notifications/tools/list_changed",
        "notifications/resources/updated",
        "notifications/resources/updated",
      ]);
      assert.ok(told.every(({ relatesTo }) => relatesTo === "l"));
      const params = { _meta: { [SUBSCRIPTION]: id } };
      second.say({ method: "notifications/tools/list_changed", params });
      await client.told("notifications/tools/list_changed", 2);
      await client.channel.close();
      await second.told("notifications/cancelled");
    },
  );

  it(
    "has a child for each principal, which ends with the principal",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const ending = new AbortController();
      const { server } = await world.begin();
      const bob = await world.open("bob", ending.signal);
      await bob.say({ id: 1, method: "x/bob" });
      const other = await world.puppets.life(2);
      await other.discover();
      await other.told("x/bob");
      ending.abort(new GatewayError("invalid_token", "gone"));
      assert.equal((await bob.ended)?.message, "gone");
      await other.gone;
      await assert.rejects(world.open("bob", ending.signal), {
        message: "gone",
      });
      assert.deepEqual(server.methods, ["server/discover", "x/first"]);
    },
  );

  it(
    "that says nothing from its start on is not taken for one of the other era when it was known, but when it does so again",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start({ openMs: SILENCE_MS });
      const { client, server } = await world.begin();
      server.leave();
      await world.died();
      await client.say({ id: 1, method: "x/one" });
      const { tells: late } = await client.answer(1);
      assert.equal(late?.fault, "backend_timeout");
      assert.ok(!(late instanceof NotModern));
      await (await world.puppets.life(2)).gone;
      let id = 1;
      while (world.puppets.count < 3) {
        await client.say({ id: ++id, method: "x/again" });
        await delay(POLL_MS);
      }
      const { tells } = await client.answer(id);
      assert.ok(tells instanceof NotModern);
      assert.deepEqual((await world.puppets.life(3)).methods, [
        "server/discover",
      ]);
    },
  );

  it("takes a place for its child, and gives it back", LIMIT, async () => {
    await using world = await SharedWorld.start({ children: 1 });
    const ending = new AbortController();
    const alice = await world.open("alice", ending.signal);
    await alice.say({ id: 1, method: "x/one" });
    await (await world.puppets.life(1)).discover();
    const bob = await world.open("bob");
    await bob.say({ id: 1, method: "x/bob" });
    assert.equal((await bob.answer(1)).tells?.fault, "too_many_children");
    const [ada, bo] = ["ada", "alice"].map((id) => world.context(id).principal);
    if (!ada || !bo) assert.fail();
    assert.throws(() => world.backend.admit?.(ada), {
      fault: "too_many_children",
    });
    world.backend.admit?.(bo);
    ending.abort();
    await (await world.puppets.life(1)).gone;
    await alice.ended;
    await holds(() => hasRoom(world, ada));
    await bob.say({ id: 2, method: "x/bob" });
    await world.puppets.life(2);
  });

  it(
    "ends when nobody has used it for a while, and when the gateway does",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start({ idleMs: 50 });
      const { client, server } = await world.begin();
      await client.channel.close();
      await server.gone;
      const later = await world.begin();
      await world.backend.close?.(new GatewayError("shutting_down", "the end"));
      assert.equal((await later.client.ended)?.message, "the end");
      await later.server.gone;
      await assert.rejects(world.open(), { message: "the end" });
    },
  );
});
