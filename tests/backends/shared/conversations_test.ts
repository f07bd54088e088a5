// Many conversations over one child: each hears what is its own, under the ids it knows, and nothing else.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../../lib/channel/envelope.ts";
import type { Puppet } from "../../support/puppets.ts";
import { SharedWorld, textOf } from "../../support/shared_server.ts";
import type { Conversation } from "../../support/shared_server.ts";

const LIMIT = { timeout: 30_000 };
/** How long one may hold up the others, and how many do. */
const STALLED_MS = 1_000;
const DEAF = 6;
const LISTEN = "subscriptions/listen";
const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
const LOG_LEVEL = "io.modelcontextprotocol/logLevel";

/** Two conversations with one server. */
async function two(world: SharedWorld) {
  const { client, server } = await world.begin();
  return { one: client, other: await world.open(), server };
}

/** Has everything that the server said before be heard. */
async function settled(client: Conversation, server: Puppet): Promise<void> {
  const id = `marker ${client.heard.all.length}`;
  const method = `x/marker/${server.heard.all.length}`;
  await client.say({ id, method });
  await server.answer(method);
  await client.answer(id);
}

describe("conversations over one child", () => {
  it(
    "get their answers and their progress under their own ids, byte for byte",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { one, other, server } = await two(world);
      const meta = (token: string) =>
        `"_meta":{"x":1.50,"progressToken":${token}}`;
      await one.say(
        `{"id": "a","jsonrpc":"2.0","method":"x/one","params":{${meta("7")}}}`,
      );
      await other.say(
        `{"method":"x/other", "params":{"y":"ü",${
          meta('"7"')
        }},"jsonrpc":"2.0","id":1.0}`,
      );
      const first = await server.told("x/one");
      const second = await server.told("x/other");
      const [a, b] = [first.message.id, second.message.id] as number[];
      assert.notEqual(a, b);
      assert.equal(
        second.text,
        `{"method":"x/other", "params":{"y":"ü",${
          meta(`${b}`)
        }},"jsonrpc":"2.0","id":${b}}`,
      );
      const progress = (token: unknown) =>
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":0.50,"progressToken": ${token}}}`;
      server.say(progress(b));
      server.say(progress(a));
      server.say(`{"result":{ "n":2.0 },"id":${b}, "jsonrpc":"2.0"}`);
      server.say(`{"jsonrpc":"2.0", "id":${a},"result":{"n":1.0}}`);
      const answer = await one.answer("a");
      assert.equal(
        textOf(answer),
        '{"jsonrpc":"2.0", "id":"a","result":{"n":1.0}}',
      );
      assert.equal(answer.relatesTo, "a");
      assert.equal(
        textOf(await other.answer(1)),
        '{"result":{ "n":2.0 },"id":1.0, "jsonrpc":"2.0"}',
      );
      const [told, toldOther] = [one, other].map(({ heard }) =>
        heard.all.filter(({ head }) => head.method === "notifications/progress")
      );
      assert.deepEqual(told?.map(textOf), [progress(7)]);
      assert.equal(told?.[0]?.relatesTo, "a");
      assert.deepEqual(toldOther?.map(textOf), [progress('"7"')]);
      assert.equal(toldOther?.[0]?.relatesTo, 1);
    },
  );

  it(
    "hear of their subscriptions under the ids of these, of the same type",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { one, other, server } = await two(world);
      await one.say({ id: 7, method: LISTEN, params: {} });
      await other.say({ id: "7", method: LISTEN, params: {} });
      const a = (await server.told(LISTEN)).message.id as number;
      const b = (await server.told(LISTEN, 2)).message.id as number;
      for (const id of [b, a]) {
        const params = { _meta: { [SUBSCRIPTION]: id }, notifications: {} };
        server.say({
          method: "notifications/subscriptions/acknowledged",
          params,
        });
      }
      const changed = "notifications/tools/list_changed";
      server.say({ method: changed, params: { _meta: { [SUBSCRIPTION]: b } } });
      await settled(one, server);
      assert.ok(!one.heard.all.some(({ head }) => head.method === changed));
      const heard = await other.told(changed);
      assert.deepEqual(heard.message().params?._meta, { [SUBSCRIPTION]: "7" });
      assert.equal(heard.relatesTo, "7");
      const acknowledged = await one.told(
        "notifications/subscriptions/acknowledged",
      );
      assert.deepEqual(acknowledged.message().params?._meta, {
        [SUBSCRIPTION]: 7,
      });
      server.say({ id: b, result: { _meta: { [SUBSCRIPTION]: b } } });
      assert.deepEqual((await other.answer("7")).message().result, {
        _meta: { [SUBSCRIPTION]: "7" },
      });
      // Over stdio a server may end one by this alone.
      server.say({
        method: "notifications/cancelled",
        params: { requestId: a },
      });
      assert.deepEqual((await one.answer(7)).message().result, {
        resultType: "complete",
        _meta: { [SUBSCRIPTION]: 7 },
      });
    },
  );

  it(
    "are told what is logged where only one of them can be meant",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { one, other, server } = await two(world);
      const log = "notifications/message";
      const asks = (client: Conversation, id: string, level?: string) => {
        const params = { _meta: level ? { [LOG_LEVEL]: level } : {} };
        return client.say({ id, method: `x/${id}`, params });
      };
      const logs = (data: string) =>
        server.say({ method: log, params: { data } });
      await asks(one, "quiet");
      await asks(one, "loud", "debug");
      await server.told("x/loud");
      logs("of loud");
      assert.equal((await one.told(log)).relatesTo, "loud");
      await asks(one, "louder", "debug");
      await server.told("x/louder");
      logs("of one of two");
      assert.equal((await one.told(log, 2)).relatesTo, undefined);
      await asks(other, "loudest", "debug");
      await server.told("x/loudest");
      logs("of nobody knows whom");
      await settled(one, server);
      const told = [one, other].flatMap(({ heard }) => heard.all)
        .filter(({ head }) => head.method === log)
        .map((envelope) => envelope.message().params?.data);
      assert.deepEqual(told, ["of loud", "of one of two"]);
    },
  );

  it(
    "cancel what is their own, by saying so or by ending; what comes after is dropped",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { one, other, server } = await two(world);
      await one.say({ id: "x", method: "x/one" });
      await other.say({ id: "x", method: "x/other" });
      const a = (await server.told("x/one")).message.id as number;
      const b = (await server.told("x/other")).message.id as number;
      const cancelled = "notifications/cancelled";
      await one.say({
        method: cancelled,
        params: { reason: "no", requestId: "x" },
      });
      const { message } = await server.told(cancelled);
      assert.deepEqual(message.params, { reason: "no", requestId: a });
      server.say({ id: a, result: {} });
      await other.channel.close();
      const second = (await server.told(cancelled, 2)).message;
      assert.equal(second.params?.requestId, b);
      server.say({ id: b, result: {} });
      await settled(one, server);
      assert.equal(
        one.heard.all.filter(({ head }) => head.id === "x").length,
        0,
      );
      await assert.rejects(other.say({ method: "x/late" }));
    },
  );

  it(
    "are not asked anything: what a server asks is dropped",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start();
      const { one, server } = await two(world);
      server.say({ id: 1, method: "sampling/createMessage" });
      await one.say({ id: 1, result: {} });
      await settled(one, server);
      assert.ok(!one.heard.all.some(({ head }) => head.kind === "request"));
      const kinds = server.heard.all.filter(({ message }) => !message.method);
      assert.deepEqual(kinds, []);
    },
  );

  it(
    "do not wait for one that has stopped reading: it is cut",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start({ streamBytes: 64 * 1024 });
      const { one, server } = await two(world);
      const deaf = await world.backend.open(world.context());
      const _meta = { progressToken: "deaf" };
      const ask = { id: "deaf", method: "x/deaf", params: { _meta } };
      await deaf.send(Envelope.of({ jsonrpc: "2.0", ...ask }));
      const { id } = (await server.told("x/deaf")).message;
      const params = { progressToken: id, message: "x".repeat(40 * 1024) };
      for (let count = 0; count < 4; count++) {
        server.say({ method: "notifications/progress", params });
      }
      await settled(one, server);
      const { params: cancelled } =
        (await server.told("notifications/cancelled")).message;
      assert.equal(cancelled?.requestId, id);
      await assert.rejects(
        deaf.send(Envelope.of({ jsonrpc: "2.0", method: "x/late" })),
        { fault: "client_stalled" },
      );
    },
  );

  it(
    "wait for many that have stopped reading no longer than for one",
    LIMIT,
    async () => {
      await using world = await SharedWorld.start({ streamBytes: 64 * 1024 });
      const { one, server } = await two(world);
      const message = "x".repeat(40 * 1024);
      const deaf: unknown[] = [];
      for (let count = 1; count <= DEAF; count++) {
        const channel = await world.backend.open(world.context());
        const _meta = { progressToken: "deaf" };
        const ask = { id: "deaf", method: "x/deaf", params: { _meta } };
        await channel.send(Envelope.of({ jsonrpc: "2.0", ...ask }));
        deaf.push((await server.told("x/deaf", count)).message.id);
      }
      for (const progress of [1, 2, 3, 4]) {
        for (const progressToken of deaf) {
          const params = { progressToken, progress, message };
          server.say({ method: "notifications/progress", params });
        }
      }
      const start = performance.now();
      await settled(one, server);
      const tookMs = performance.now() - start;
      assert.ok(tookMs < DEAF * STALLED_MS, `it took ${tookMs} ms`);
      await server.told("notifications/cancelled", DEAF);
    },
  );
});
