// Who tries to go on with what is not theirs, not theirs any more, or not what it was: a requestState in the wrong hands.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setTimeout as delay } from "node:timers/promises";
import { describe, it } from "node:test";
import type { Message } from "../../../lib/protocol/messages.ts";
import {
  Bridged,
  retryOf,
  TestPrincipal,
} from "../../support/bridged_clients.ts";
import type { BridgedExchange } from "../../support/bridged_clients.ts";
import type { PlayedSession } from "../../support/played_server.ts";

const ABLE = { elicitation: {} };
const YES = { elicitation_1: { action: "accept" } };

interface ParkedCall {
  readonly one: BridgedExchange;
  readonly session: PlayedSession;
  readonly state: string;
}

/** A call of alice that waits for her. */
async function parked(bridged: Bridged, number = 1): Promise<ParkedCall> {
  const params = { name: "t", arguments: { a: 1, b: { c: [1, 2] } } };
  const saying = { id: number, capabilities: ABLE };
  const one = await bridged.ask("tools/call", params, saying);
  const session = await bridged.session(number);
  await session.told("tools/call");
  session.say({ id: `q${number}`, method: "elicitation/create", params: {} });
  const { requestState } = await one.result();
  return { one, session, state: requestState as string };
}

async function refused(exchange: BridgedExchange): Promise<void> {
  const { error } = await exchange.answer();
  assert.equal(error?.code, -32602);
  assert.match(String(error?.message), /^The requestState was not given out/);
}

/** The call still waits, and goes on for whoever it belongs to. */
async function stillGood(
  bridged: Bridged,
  { one, session, state }: ParkedCall,
) {
  const two = await bridged.begin(retryOf(one.request, state, YES));
  await session.answer("tools/call", { done: true });
  assert.equal((await two.result()).done, true);
}

describe("a requestState is refused", () => {
  const FORGED: readonly (readonly [string, (state: string) => unknown])[] = [
    ["that is nothing", () => ""],
    ["that is no text", () => 7],
    ["that is made up", () => Buffer.alloc(60, 7).toString("base64url")],
    ["that is short", (state) => state.slice(0, 20)],
    ["that is long", (state) => state + "A".repeat(1_000_000)],
    ["that lacks its end", (state) => state.slice(0, -4)],
    [
      "in which one character is another",
      (state) => {
        const at = state.length >> 1;
        const other = state[at] === "A" ? "B" : "A";
        return state.slice(0, at) + other + state.slice(at + 1);
      },
    ],
  ];
  for (const [what, forge] of FORGED) {
    it(`${what}, and the call waits on`, async () => {
      await using bridged = new Bridged();
      const call = await parked(bridged);
      const forged = forge(call.state);
      await refused(
        await bridged.begin(retryOf(call.one.request, forged, YES)),
      );
      await stillGood(bridged, call);
    });
  }

  const STOLEN: readonly (readonly [string, (request: Message) => Message])[] =
    [
      ["with another tool", (request) => changed(request, { name: "other" })],
      [
        "with other arguments",
        (request) =>
          changed(request, { arguments: { a: 2, b: { c: [1, 2] } } }),
      ],
      [
        "with arguments in another order in a list",
        (request) =>
          changed(request, { arguments: { a: 1, b: { c: [2, 1] } } }),
      ],
      ["with more parameters", (request) => changed(request, { task: {} })],
      [
        "with another method",
        (request) => ({ ...request, method: "prompts/get" }),
      ],
    ];
  for (const [what, change] of STOLEN) {
    it(`${what}, and the call waits on`, async () => {
      await using bridged = new Bridged();
      const call = await parked(bridged);
      const retry = retryOf(change(call.one.request), call.state, YES);
      await refused(await bridged.begin(retry));
      await stillGood(bridged, call);
    });
  }

  it("with another token, with a token that was replaced, and the call waits on", async () => {
    await using bridged = new Bridged();
    const call = await parked(bridged);
    const retry = retryOf(call.one.request, call.state, YES);
    await refused(await bridged.begin(retry, bridged.bob));
    const replaced = new TestPrincipal("alice", "2");
    await refused(await bridged.begin(retry, replaced));
    await stillGood(bridged, call);
  });

  it("at another server", async () => {
    await using bridged = new Bridged();
    await using other = new Bridged({ lot: bridged.lot }, "other");
    const call = await parked(bridged);
    const retry = retryOf(call.one.request, call.state, YES);
    await refused(await other.begin(retry));
    await stillGood(bridged, call);
  });

  it("that was used before", async () => {
    await using bridged = new Bridged();
    const { one, session, state } = await parked(bridged);
    const retry = retryOf(one.request, state, YES);
    const both = [await bridged.begin(retry), await bridged.begin(retry)];
    await refused(both[1]!);
    await session.answer("tools/call", { done: true });
    assert.equal((await both[0]!.result()).done, true);
    await refused(await bridged.begin(retry));
  });

  it("of a round that is over", async () => {
    await using bridged = new Bridged();
    const { one, session, state } = await parked(bridged);
    const two = await bridged.begin(retryOf(one.request, state, YES));
    session.say({ id: "more", method: "elicitation/create", params: {} });
    await two.result();
    await refused(await bridged.begin(retryOf(one.request, state, YES)));
  });

  it("whose call was ended with its session", async () => {
    await using bridged = new Bridged();
    const { one, session, state } = await parked(bridged);
    session.leave();
    await session.closed;
    await refused(await bridged.begin(retryOf(one.request, state, YES)));
    assert.equal(bridged.lot.size, 0);
  });

  it("with answers that are none, and is still good with others", async () => {
    await using bridged = new Bridged();
    const call = await parked(bridged);
    const { request } = call.one;
    for (const answers of [[], 7, "x", { elicitation_1: 7 }, { other: [] }]) {
      const bad = answers as Record<string, unknown>;
      const retry = await bridged.begin(retryOf(request, call.state, bad));
      const { error } = await retry.answer();
      assert.equal(error?.code, -32602);
      assert.match(String(error?.message), /inputResponses/);
    }
    await stillGood(bridged, call);
  });

  it("is taken with the same request written in another way", async () => {
    await using bridged = new Bridged();
    const call = await parked(bridged);
    const request = changed(call.one.request, {
      arguments: { b: { c: [1.0, 2] }, a: 1 },
    });
    await stillGood(bridged, {
      ...call,
      one: { ...call.one, request } as never,
    });
  });
});

describe("a call that nobody comes back for", () => {
  it("is ended when its time is over: the server is told that there is no answer", async () => {
    await using bridged = new Bridged({ parking: { waitMs: 20 } });
    const { one, session, state } = await parked(bridged);
    assert.deepEqual((await session.answered("q1")).result, {
      action: "cancel",
    });
    const { params } = await session.told("notifications/cancelled");
    assert.equal(params?.requestId, session.all("tools/call")[0]?.id);
    await refused(await bridged.begin(retryOf(one.request, state, YES)));
    assert.equal(bridged.lot.size, 0);
  });

  it("is ended or resumed, never both, when the retry comes as its time ends", async () => {
    const waitMs = 30;
    await using bridged = new Bridged({ parking: { waitMs } });
    const outcomes = new Set<string>();
    for (let number = 1; number <= 10; number++) {
      const { one, session, state } = await parked(bridged, number);
      await delay(waitMs - 5 + number);
      const two = await bridged.begin(retryOf(one.request, state, YES));
      session.say({ id: "p", method: "ping" });
      await session.answered("p");
      const told = await session.answered(`q${number}`);
      const action = (told.result as { action: string }).action;
      outcomes.add(action);
      if (action === "accept") {
        await session.answer("tools/call", { done: true });
        assert.equal((await two.result()).done, true);
        assert.deepEqual(session.all("notifications/cancelled"), []);
      } else {
        await refused(two);
      }
      session.leave();
      await session.closed;
    }
    assert.ok(outcomes.size > 0);
    assert.equal(bridged.lot.size, 0);
  });

  it("is ended where its client leaves before it was told of the question", async () => {
    await using bridged = new Bridged({ gatherMs: 1_000 });
    const one = await bridged.ask("tools/call", {}, { capabilities: ABLE });
    const session = await bridged.session(1);
    await session.told("tools/call");
    session.say({ id: 1, method: "elicitation/create", params: {} });
    session.say({ id: "p", method: "ping" });
    await session.answered("p");
    await one.leave();
    assert.deepEqual((await session.answered(1)).result, { action: "cancel" });
    await session.told("notifications/cancelled");
    assert.equal(bridged.lot.size, 0);
  });

  it("ends for another of the same token where there are too many, by the thousand", async () => {
    const perPrincipal = 3;
    await using bridged = new Bridged({ parking: { perPrincipal } });
    const keep = await bridged.ask("tools/call", { n: 0 }, {
      capabilities: ABLE,
    }, bridged.bob);
    const bobs = await bridged.session(1, {}, "by_stream");
    const { id } = await bobs.told("tools/call");
    bobs.say({ id: "b", method: "elicitation/create" }, id);
    const kept = await keep.result();
    const saying = { capabilities: ABLE };
    const first = await bridged.ask("tools/call", {}, saying);
    const session = await bridged.session(2, {}, "by_stream");
    const more = Array.from(
      { length: 999 },
      () => bridged.ask("tools/call", {}, saying),
    );
    const calls = [first, ...await Promise.all(more)];
    await session.told("tools/call", calls.length);
    for (const { id } of session.all("tools/call")) {
      session.say({ id: `q${id}`, method: "elicitation/create" }, id);
    }
    for (const call of calls) {
      assert.equal((await call.result()).resultType, "input_required");
    }
    assert.equal(bridged.lot.size, perPrincipal + 1);
    assert.equal(session.all("notifications/cancelled").length, 997);
    const two = await bridged.begin(
      retryOf(keep.request, kept.requestState, YES),
      bridged.bob,
    );
    await bobs.answer("tools/call", { done: true });
    assert.equal((await two.result()).done, true);
  });

  it("is not ended for another token: where all places are taken, the other is refused", async () => {
    await using bridged = new Bridged({ parking: { inAll: 1 } });
    const call = await parked(bridged);
    const other = await bridged.ask("tools/call", {}, {
      capabilities: ABLE,
    }, bridged.bob);
    const session = await bridged.session(2);
    await session.told("tools/call");
    session.say({ id: 1, method: "elicitation/create", params: {} });
    const { error } = await other.answer();
    assert.equal((error?.data as { fault: string }).fault, "overloaded");
    assert.deepEqual((await session.answered(1)).result, { action: "cancel" });
    await session.told("notifications/cancelled");
    await stillGood(bridged, call);
  });

  it("ends at once with its token", async () => {
    await using bridged = new Bridged();
    const { session } = await parked(bridged);
    bridged.alice.revoke();
    const reason = await session.closed;
    assert.match(String(reason?.message), /revoked/);
    assert.equal(bridged.lot.size, 0);
  });
});

function changed(request: Message, params: Record<string, unknown>): Message {
  return { ...request, params: { ...request.params, ...params } };
}
