// What a legacy server asks in the middle of a call: the exchange ends with it, and the retry goes on with the same call.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { META } from "../../../lib/protocol/meta.ts";
import type { Message, RequestId } from "../../../lib/protocol/messages.ts";
import { Bridged, retryOf } from "../../support/bridged_clients.ts";
import type { BridgedExchange } from "../../support/bridged_clients.ts";
import type { PlayedSession } from "../../support/played_server.ts";

const ABLE = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {} },
  roots: {},
};
const CALL = [
  "tools/call",
  { name: "t", arguments: { a: 1 } },
  { capabilities: ABLE },
] as const;

const elicit = (id: RequestId, more = {}) => ({
  id,
  method: "elicitation/create",
  params: { message: "who?", requestedSchema: { type: "object" }, ...more },
});

/** What a client is asked, and what it is to bring back. */
async function asked(exchange: BridgedExchange) {
  const { inputRequests = {}, requestState, ...others } = await exchange
    .result();
  return {
    inputRequests: inputRequests as Record<string, Message>,
    requestState,
    others,
  };
}

async function begun(
  bridged: Bridged,
): Promise<[BridgedExchange, PlayedSession]> {
  const exchange = await bridged.ask(...CALL);
  const session = await bridged.session(bridged.server.count || 1);
  await session.told("tools/call");
  return [exchange, session];
}

describe("what a server asks in the middle of a call", () => {
  it("is asked by the answer, and the retry goes on with the same call", async () => {
    await using bridged = new Bridged();
    const [one, session] = await begun(bridged);
    session.say(elicit("q1"));
    const { inputRequests, requestState, others } = await asked(one);
    await one.over;
    assert.deepEqual(inputRequests, {
      elicitation_1: {
        method: "elicitation/create",
        params: { message: "who?", requestedSchema: { type: "object" } },
      },
    });
    assert.deepEqual(others, {
      resultType: "input_required",
      _meta: { [META.serverInfo]: { name: "puppet", version: "1" } },
    });
    assert.equal(typeof requestState, "string");
    await one.leave();
    const meta = { progressToken: "new" };
    const retry = retryOf(one.request, requestState, {
      elicitation_1: { action: "accept", content: { n: 1 } },
      unknown: {},
    });
    Object.assign(retry.params?._meta as object, meta);
    const two = await bridged.begin(retry);
    assert.deepEqual((await session.answered("q1")).result, {
      action: "accept",
      content: { n: 1 },
    });
    const { id } = await session.told("tools/call");
    session.say({
      method: "notifications/progress",
      params: { progressToken: id, progress: 1 },
    });
    session.say({ id, result: { content: [] } });
    assert.deepEqual((await two.result()).content, []);
    assert.equal((await two.answer()).id, retry.id);
    assert.equal(
      (await two.told("notifications/progress")).params?.progressToken,
      "new",
    );
    assert.equal(session.all("tools/call").length, 1);
    assert.deepEqual(session.all("notifications/cancelled"), []);
    assert.equal(bridged.lot.size, 0);
  });

  it("comes together where it is asked within a moment, in the client's own terms", async () => {
    await using bridged = new Bridged({ gatherMs: 5 });
    const [one, session] = await begun(bridged);
    session.say(elicit(1, {
      mode: "url",
      url: "https://x.example",
      elicitationId: "e",
      _meta: { progressToken: 4, "a.b/c": 1 },
    }));
    session.say({
      id: 2,
      method: "sampling/createMessage",
      params: { messages: [], maxTokens: 1, task: { ttl: 1 } },
    });
    session.say({ id: 3, method: "roots/list" });
    const { inputRequests } = await asked(one);
    assert.deepEqual(inputRequests, {
      elicitation_1: {
        method: "elicitation/create",
        params: {
          message: "who?",
          requestedSchema: { type: "object" },
          mode: "url",
          url: "https://x.example",
          _meta: { "a.b/c": 1 },
        },
      },
      sampling_2: {
        method: "sampling/createMessage",
        params: { messages: [], maxTokens: 1 },
      },
      roots_3: { method: "roots/list" },
    });
  });

  it("goes on for the retry also where the exchange before it is left late", async () => {
    await using bridged = new Bridged();
    const [one, session] = await begun(bridged);
    session.say(elicit(1));
    const { requestState } = await asked(one);
    const two = await bridged.begin(retryOf(one.request, requestState, {
      elicitation_1: { action: "accept" },
    }));
    await session.answered(1);
    await one.channel.close();
    await session.answer("tools/call", { done: true });
    assert.equal((await two.result()).done, true);
    assert.deepEqual(session.all("notifications/cancelled"), []);
  });

  it("may be asked again and again: each round has other keys and another state", async () => {
    await using bridged = new Bridged();
    const [one, session] = await begun(bridged);
    const keys: string[] = [];
    const states: unknown[] = [];
    let exchange = one;
    for (const id of [1, 2, 3]) {
      session.say(elicit(id));
      const { inputRequests, requestState } = await asked(exchange);
      const [key = ""] = Object.keys(inputRequests);
      keys.push(key);
      states.push(requestState);
      const answer = { [key]: { action: "decline" } };
      exchange = await bridged.begin(
        retryOf(one.request, requestState, answer),
      );
      await session.answered(id);
    }
    await session.answer("tools/call", { done: true });
    assert.equal((await exchange.result()).done, true);
    assert.equal(new Set(keys).size, 3);
    assert.equal(new Set(states).size, 3);
  });

  it("is asked again where a client answers half of it", async () => {
    await using bridged = new Bridged({ gatherMs: 5 });
    const [one, session] = await begun(bridged);
    session.say(elicit(1));
    session.say(elicit(2));
    const first = await asked(one);
    const two = await bridged.begin(
      retryOf(one.request, first.requestState, {
        elicitation_2: { action: "cancel" },
      }),
    );
    await session.answered(2);
    const second = await asked(two);
    assert.deepEqual(Object.keys(second.inputRequests), ["elicitation_1"]);
    assert.notEqual(second.requestState, first.requestState);
    const three = await bridged.begin(
      retryOf(one.request, second.requestState, {
        elicitation_1: { action: "accept" },
      }),
    );
    await session.answered(1);
    await session.answer("tools/call", { done: true });
    assert.equal((await three.result()).done, true);
  });

  it("is asked again where a client answers nothing, together with what came meanwhile", async () => {
    await using bridged = new Bridged({ gatherMs: 5 });
    const [one, session] = await begun(bridged);
    session.say(elicit(1));
    const first = await asked(one);
    session.say({ id: 2, method: "roots/list" });
    const two = await bridged.begin(retryOf(one.request, first.requestState));
    const second = await asked(two);
    assert.deepEqual(Object.keys(second.inputRequests), [
      "elicitation_1",
      "roots_2",
    ]);
  });

  it("that is asked twice under one id counts as it was said last, and is answered once", async () => {
    await using bridged = new Bridged({ gatherMs: 5 });
    const [one, session] = await begun(bridged);
    session.say(elicit(1, { message: "first" }));
    session.say(elicit(1, { message: "last" }));
    const { inputRequests, requestState } = await asked(one);
    const [key, ...others] = Object.keys(inputRequests) as [string];
    assert.deepEqual(others, []);
    assert.equal(inputRequests[key]?.params?.message, "last");
    const yes = { action: "accept" };
    const responses = { elicitation_1: yes, elicitation_2: yes };
    const two = await bridged.begin(
      retryOf(one.request, requestState, responses),
    );
    await session.answered(1);
    session.say({ id: "p", method: "ping" });
    await session.answered("p");
    const answers = session.heard.all.filter((one) =>
      one.method === undefined && one.id === 1
    );
    assert.equal(answers.length, 1);
    await session.answer("tools/call", { done: true });
    assert.equal((await two.result()).done, true);
  });

  it("that the server takes back is not asked any more, and its late answer is dropped", async () => {
    await using bridged = new Bridged({ gatherMs: 5 });
    const [one, session] = await begun(bridged);
    const takeBack = (requestId: number) =>
      session.say({ method: "notifications/cancelled", params: { requestId } });
    session.say(elicit(1));
    takeBack(1);
    session.say(elicit(2));
    const { inputRequests, requestState } = await asked(one);
    assert.deepEqual(Object.keys(inputRequests), ["elicitation_2"]);
    takeBack(2);
    session.say({ id: 9, method: "ping" });
    await session.answered(9);
    const two = await bridged.begin(
      retryOf(one.request, requestState, {
        elicitation_2: { action: "accept" },
      }),
    );
    await session.answer("tools/call", { done: true });
    assert.equal((await two.result()).done, true);
    const answers = session.heard.all.filter(({ id, method }) =>
      method === undefined && id !== 9
    );
    assert.deepEqual(answers, []);
  });

  it("is no longer waited for where the server goes on without it: the retry has the answer at once", async () => {
    await using bridged = new Bridged();
    const [one, session] = await begun(bridged);
    session.say(elicit(1));
    const { requestState } = await asked(one);
    await session.answer("tools/call", { gaveUp: true });
    session.say({ id: 9, method: "ping" });
    await session.answered(9);
    const two = await bridged.begin(
      retryOf(one.request, requestState, {
        elicitation_1: { action: "accept" },
      }),
    );
    assert.equal((await two.result()).gaveUp, true);
  });

  for (const method of ["prompts/get", "resources/read"]) {
    it(`may be asked by ${method}, too`, async () => {
      await using bridged = new Bridged();
      const params = { name: "p", uri: "a://b" };
      const one = await bridged.ask(method, params, { capabilities: ABLE });
      const session = await bridged.session(1);
      await session.told(method);
      session.say(elicit(1));
      const { requestState } = await asked(one);
      const two = await bridged.begin(
        retryOf(one.request, requestState, {
          elicitation_1: { action: "accept" },
        }),
      );
      await session.answer(method, { done: true });
      assert.equal((await two.result()).done, true);
    });
  }

  it("M-C-29: may not be asked by what has no place for it", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("tools/list", {}, { capabilities: ABLE });
    const session = await bridged.session(1);
    await session.told("tools/list");
    session.say(elicit(1));
    assert.equal((await session.answered(1)).error?.code, -32600);
    await session.answer("tools/list", { tools: [] });
    assert.equal((await one.result()).resultType, "complete");
  });

  it("outside of any call is answered with an error", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("server/discover", {}, {
      capabilities: ABLE,
    });
    const session = await bridged.session(1);
    await one.result();
    session.say({ id: 1, method: "roots/list" });
    assert.equal((await session.answered(1)).error?.code, -32600);
  });

  it("that no client knows is answered with an error, and the call goes on", async () => {
    await using bridged = new Bridged();
    const [one, session] = await begun(bridged);
    session.say({ id: 1, method: "x/odd" });
    assert.equal((await session.answered(1)).error?.code, -32601);
    await session.answer("tools/call", { done: true });
    assert.equal((await one.result()).done, true);
  });

  it("is not taken where the session holds all it may, nor are more answers kept", async () => {
    await using bridged = new Bridged({ limits: { sessionBytes: 1_500 } });
    const one = await bridged.ask(...CALL);
    const session = await bridged.session(1, {}, "by_stream");
    const two = await bridged.ask(...CALL);
    const ids = [1, 2].map(async (number) =>
      (await session.told("tools/call", number)).id
    );
    const [first, second] = await Promise.all(ids);
    session.say(elicit("a"), first);
    session.say(elicit("b"), second);
    const states = [await asked(one), await asked(two)];
    const big = "b".repeat(2_000);
    session.say({ id: first, result: { big } });
    session.say(elicit("c"), second);
    assert.equal((await session.answered("c")).error?.code, -32600);
    session.say({ id: second, result: { big } });
    session.say({ id: "p", method: "ping" });
    await session.answered("p");
    const three = await bridged.begin(
      retryOf(one.request, states[0]?.requestState),
    );
    assert.equal((await three.result()).big, big);
    const four = await bridged.begin(
      retryOf(two.request, states[1]?.requestState),
    );
    const { error } = await four.answer();
    assert.equal((error?.data as { fault: string }).fault, "overloaded");
    assert.equal(session.context.memory.used, 0);
  });

  it("of two calls at once is for the one on whose stream it comes", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask(...CALL);
    const session = await bridged.session(1, {}, "by_stream");
    const two = await bridged.ask(...CALL);
    await session.told("tools/call", 1);
    const second = await session.told("tools/call", 2);
    session.say(elicit("odd"), null);
    assert.equal((await session.answered("odd")).error?.code, -32600);
    session.say(elicit(1), second.id);
    const { inputRequests } = await asked(two);
    assert.deepEqual(Object.keys(inputRequests), ["elicitation_1"]);
    await session.answer("tools/call", { done: true }, 1);
    assert.equal((await one.result()).done, true);
    assert.equal(bridged.server.count, 1);
  });
});

describe("a server that asks for what the client has not declared", () => {
  const CASES = [
    [{}, elicit(1), { elicitation: { form: {} } }],
    [{ elicitation: { url: {} } }, elicit(1), { elicitation: { form: {} } }],
    [{ elicitation: {} }, elicit(1, { mode: "url" }), {
      elicitation: { url: {} },
    }],
    [{ roots: {} }, { id: 1, method: "sampling/createMessage", params: {} }, {
      sampling: {},
    }],
    [
      { sampling: {} },
      { id: 1, method: "sampling/createMessage", params: { tools: [] } },
      { sampling: { tools: {} } },
    ],
    [{ sampling: {} }, { id: 1, method: "roots/list" }, { roots: {} }],
  ] as const;
  for (const [capabilities, question, requiredCapabilities] of CASES) {
    const what = JSON.stringify(requiredCapabilities);
    it(`M-C-15: ends its call, which is told of ${what}`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask("tools/call", { name: "t" }, {
        capabilities,
      });
      const session = await bridged.session(1);
      const { id } = await session.told("tools/call");
      session.say(question);
      const { error } = await one.answer();
      assert.equal(error?.code, -32021);
      assert.deepEqual(
        (error?.data as Record<string, unknown>).requiredCapabilities,
        requiredCapabilities,
      );
      assert.equal((await session.answered(1)).error?.code, -32601);
      const { params } = await session.told("notifications/cancelled");
      assert.equal(params?.requestId, id);
    });
  }

  it("M-C-29: may ask for forms where a client says no more than that it can", async () => {
    await using bridged = new Bridged();
    const capabilities = { elicitation: {} };
    const one = await bridged.ask("tools/call", { name: "t" }, {
      capabilities,
    });
    const session = await bridged.session(1);
    await session.told("tools/call");
    session.say(elicit(1, { mode: "form" }));
    assert.equal((await one.result()).resultType, "input_required");
  });
});

describe("a server that takes no call before a url was opened", () => {
  const ERROR = {
    code: -32042,
    message: "first this",
    data: {
      elicitations: [
        {
          mode: "url",
          url: "https://a.example",
          message: "a",
          elicitationId: "1",
        },
        { url: "https://b.example", message: "b", elicitationId: "2" },
      ],
    },
  };
  const ACCEPTED = { action: "accept" };

  async function refused(bridged: Bridged, capabilities: object) {
    const [method, params] = CALL;
    const one = await bridged.ask(method, params, {
      capabilities: { ...capabilities },
    });
    const session = await bridged.session(1);
    const { id } = await session.told(method);
    session.say({ id, error: ERROR });
    return { one, session };
  }

  it("is asked anew when it was: half of the urls are not enough", async () => {
    await using bridged = new Bridged();
    const { one, session } = await refused(bridged, ABLE);
    const first = await asked(one);
    assert.deepEqual(
      Object.values(first.inputRequests).map(({ method, params }) => [
        method,
        params,
      ]),
      [
        ["elicitation/create", {
          mode: "url",
          url: "https://a.example",
          message: "a",
        }],
        ["elicitation/create", {
          mode: "url",
          url: "https://b.example",
          message: "b",
        }],
      ],
    );
    const half = { elicitation_2: ACCEPTED };
    const two = await bridged.begin(
      retryOf(one.request, first.requestState, half),
    );
    const second = await asked(two);
    assert.deepEqual(Object.keys(second.inputRequests), ["elicitation_1"]);
    const rest = { elicitation_1: ACCEPTED };
    const three = await bridged.begin(
      retryOf(one.request, second.requestState, rest),
    );
    const again = await session.told("tools/call", 2);
    assert.deepEqual(again.params, { name: "t", arguments: { a: 1 } });
    session.say({ id: again.id, result: { done: true } });
    assert.equal((await three.result()).done, true);
  });

  it("is not asked again where the user declines", async () => {
    await using bridged = new Bridged();
    const { one, session } = await refused(bridged, ABLE);
    const { requestState } = await asked(one);
    const two = await bridged.begin(
      retryOf(one.request, requestState, {
        elicitation_1: { action: "decline" },
        elicitation_2: ACCEPTED,
      }),
    );
    assert.equal((await two.answer()).error?.code, -32602);
    assert.equal(session.all("tools/call").length, 1);
  });

  it("M-C-15: cannot be used by a client that opens none", async () => {
    await using bridged = new Bridged();
    const { one } = await refused(bridged, { elicitation: {} });
    const { error } = await one.answer();
    assert.equal(error?.code, -32021);
    assert.equal(bridged.lot.size, 0);
  });
});
