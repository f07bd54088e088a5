// A server of the modern era that asks for input, and a client of the initialize era that is asked.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BridgedWorld } from "../../support/bridged_session.ts";
import { textOf } from "../../support/shared_server.ts";

const LIMIT = { timeout: 30_000 };
const FORM = { method: "elicitation/create", params: { message: "Who?" } };
const SAMPLE = { method: "sampling/createMessage", params: { maxTokens: 1 } };
const ROOTS = { method: "roots/list" };
const CANCELLED = "notifications/cancelled";

describe("a server that asks for input", () => {
  it(
    "gets the answers with the next try, and its state as it wrote it",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const { client, server } = world;
      await client.say(
        '{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":{"name":"t","arguments":{"n":1.50},"_meta":{"progressToken":"p"}}}',
      );
      const first = await server.hears();
      server.say(
        `{"jsonrpc":"2.0","id":1.0,"result":{"resultType":"input_required","requestState":"a\\u00e9\\/b","inputRequests":{"who":${
          JSON.stringify(FORM)
        },"__proto__":${JSON.stringify(ROOTS)}}}}`,
      );
      const question = await world.question();
      assert.equal(question.relatesTo, 1);
      assert.deepEqual(question.message().params, FORM.params);
      const roots = await world.question(2);
      assert.equal(roots.head.method, "roots/list");
      await client.say(
        `{"jsonrpc":"2.0","id":"${roots.head.id}","result":{"roots":[] }}`,
      );
      await client.say(
        `{"jsonrpc":"2.0","id":"${question.head.id}","result":{"action":"accept","content":{"x":1.0}}}`,
      );
      const text = await server.hear();
      const retry = JSON.parse(text);
      assert.notEqual(retry.id, first.id);
      assert.ok(text.includes('"requestState":"a\\u00e9\\/b"'), text);
      assert.ok(text.includes('"arguments":{"n":1.50}'), text);
      assert.ok(
        text.includes(
          '"who":{"action":"accept","content":{"x":1.0}},"__proto__":{"roots":[] }',
        ),
        text,
      );
      assert.deepEqual(retry.params._meta, first.params?._meta);
      const progress = { progressToken: "p", progress: 1 };
      server.say(
        { method: "notifications/progress", params: progress },
        retry.id,
      );
      server.say({
        id: retry.id,
        result: { content: [], resultType: "complete" },
      });
      const answer = await client.answer(1);
      assert.equal(answer.relatesTo, 1);
      assert.match(textOf(answer), /"id":1\.0[,}]/);
      assert.deepEqual(answer.message().result, { content: [] });
      assert.equal((await client.told("notifications/progress")).relatesTo, 1);
    },
  );

  it(
    "that wants another try without a question gets one after a while, without what it did not give",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const first = await world.call(1);
      world.ask(first.id, undefined, "s");
      const second = await world.server.hears();
      assert.equal(second.params?.requestState, "s");
      assert.ok(!("inputResponses" in (second.params ?? {})));
      world.ask(second.id, { who: FORM });
      const { id } = (await world.question()).head;
      await world.client.say({ id, result: { action: "decline" } });
      const third = await world.server.hears();
      assert.ok(!("requestState" in (third.params ?? {})));
      assert.deepEqual(third.params?.inputResponses, {
        who: { action: "decline" },
      });
    },
  );

  it(
    "that leads the client elsewhere is known by an id, and is told of when it is over",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const visit = { mode: "url", url: "https://x.y/", message: "Go" };
      const { id } = await world.call(1);
      world.ask(id, { go: { method: FORM.method, params: visit } });
      const question = await world.question();
      const { elicitationId, ...others } = question.message().params ?? {};
      assert.deepEqual(others, visit);
      await world.client.say({
        id: question.head.id,
        result: { action: "accept" },
      });
      const retry = await world.server.hears();
      world.server.say({ id: retry.id as string, result: { content: [] } });
      await world.client.answer(1);
      const [complete, answer] = world.client.heard.all.slice(-2);
      assert.equal(
        complete?.head.method,
        "notifications/elicitation/complete",
      );
      assert.deepEqual(complete?.message().params, { elicitationId });
      assert.equal(answer?.head.id, 1);
    },
  );

  it(
    "is told that a form was dismissed where the client answers with an error; without anything else it cannot go on",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const { client, server } = world;
      const error = { code: -1, message: "not now" };
      world.ask((await world.call(1)).id, { who: FORM });
      await client.say({ id: (await world.question()).head.id, error });
      const { params } = await server.hears();
      assert.deepEqual(params?.inputResponses, { who: { action: "cancel" } });
      world.ask((await world.call(2)).id, { say: SAMPLE, who: FORM });
      await client.say({ id: (await world.question(2)).head.id, error });
      const { error: told } = (await client.answer(2)).message();
      assert.equal(told?.code, -32603);
      assert.match(told?.message ?? "", /sampling\/createMessage: not now/);
      const form = (await world.question(3)).head.id;
      const taken = await client.told(CANCELLED);
      assert.deepEqual(taken.message().params?.requestId, form);
    },
  );

  it(
    "of a client that cannot be asked so, or asks nothing or something else, has given no result",
    LIMIT,
    async () => {
      const capabilities = { elicitation: {} };
      await using world = await BridgedWorld.begin({ capabilities });
      const visit = { method: FORM.method, params: { mode: "url" } };
      for (
        const [id, wanted, message] of [
          [1, { say: SAMPLE }, /asks for sampling\/createMessage, which/],
          [2, { go: visit }, /asks for elicitation\/create, which/],
          [3, { x: { method: "tools/list" } }, /asks for tools\/list, which/],
          [4, { x: "no" }, /a question without a method/],
          [5, {}, /asks nothing/],
          [6, undefined, /asks nothing/],
        ] as const
      ) {
        world.ask((await world.call(id)).id, wanted);
        const { tells } = await world.client.answer(id);
        assert.equal(tells?.fault, "backend_protocol");
        assert.match(tells?.message ?? "", message);
      }
      assert.ok(
        !world.client.heard.all.some(({ head }) => head.kind === "request"),
      );
    },
  );

  it(
    "may do so for calls, prompts and resources only, and no other type of result is one",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const { client, server } = world;
      for (const method of ["prompts/get", "resources/read"]) {
        await client.say({
          id: method,
          method,
          params: { name: "x", uri: "y" },
        });
        world.ask((await server.hears()).id, { who: FORM });
      }
      await world.question(2);
      await client.say({ id: 1, method: "tools/list" });
      world.ask((await server.hears()).id, { who: FORM });
      const strange = (await client.answer(1)).tells;
      assert.match(
        strange?.message ?? "",
        /result of the type "input_required"/,
      );
      const { id } = await world.call(2);
      server.say({ id, result: { resultType: "task", content: [] } });
      const unknown = (await client.answer(2)).tells;
      assert.equal(unknown?.fault, "backend_protocol");
      const third = await world.call(3);
      server.say({ id: third.id, result: 7 });
      assert.match(
        (await client.answer(3)).tells?.message ?? "",
        /a result that is no object/,
      );
    },
  );

  it(
    "is left when the client cancels, and the client is not asked any more",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const { client, server } = world;
      world.ask((await world.call(1)).id, { who: FORM });
      const { id } = (await world.question()).head;
      const params = { requestId: 1 };
      await client.say({ method: CANCELLED, params });
      assert.equal(
        (await client.told(CANCELLED)).message().params?.requestId,
        id,
      );
      await client.say({ id, result: { action: "accept" } });
      const second = await world.call(2);
      assert.deepEqual([second.method, second.id], ["tools/call", 2]);
      await client.say({ method: CANCELLED, params: { requestId: 2 } });
      assert.deepEqual((await server.hears()).params, { requestId: 2 });
    },
  );

  it("has as long for all rounds together as any request", LIMIT, async () => {
    await using world = await BridgedWorld.begin({ requestMaxMs: 100 });
    world.ask((await world.call(1)).id, { who: FORM });
    await world.question();
    const { tells } = await world.client.answer(1);
    assert.equal(tells?.fault, "backend_timeout");
    assert.match(tells?.message ?? "", /took more than 0.1 s/);
    await world.client.told(CANCELLED);
  });
});
