// Which requests of modern clients share a session with a legacy server, how many sessions there are, and when they end.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../../lib/eras/legacy_backend_for_modern/digest.ts";
import { GatewayError } from "../../../lib/errors.ts";
import {
  Bridged,
  retryOf,
  TestPrincipal,
} from "../../support/bridged_clients.ts";
import type { BridgedExchange } from "../../support/bridged_clients.ts";

const ABLE = { capabilities: { elicitation: {} } };
const BOUNDS = { clientSides: 2, sessions: 2, patienceMs: 20 };

const call = (bridged: Bridged, name = "t") =>
  bridged.ask("tools/call", { name }, ABLE);

async function faultOf(exchange: BridgedExchange): Promise<unknown> {
  const { error } = await exchange.answer();
  return (error?.data as Record<string, unknown> | undefined)?.fault;
}

describe("sessions with a legacy server", () => {
  it("are never shared between principals, nor between sets of capabilities", async () => {
    await using bridged = new Bridged();
    const replaced = new TestPrincipal("alice", "2");
    const sets = [{}, { roots: {} }, { roots: {}, sampling: { tools: {} } }];
    let count = 0;
    for (const principal of [bridged.alice, bridged.bob, replaced]) {
      for (const capabilities of sets) {
        await bridged.ask("x/do", {}, { capabilities }, principal);
        const session = await bridged.session(++count);
        assert.equal(session.context.principal, principal);
        const { params } = await session.told("initialize");
        assert.deepEqual(params?.capabilities, capabilities);
      }
    }
    assert.equal(bridged.server.count, 9);
  });

  it("are shared where capabilities are the same in another order", async () => {
    await using bridged = new Bridged();
    const a = { roots: {}, sampling: { context: {}, tools: {} } };
    const b = { sampling: { tools: {}, context: {} }, roots: {} };
    await bridged.ask("x/one", {}, { capabilities: a });
    await bridged.ask("x/two", {}, { capabilities: b });
    const session = await bridged.session(1);
    await session.told("x/two");
    assert.equal(bridged.server.count, 1);
  });

  it("are shared by calls that can be asked nothing", async () => {
    await using bridged = new Bridged();
    await bridged.ask("tools/call", { name: "a" });
    await bridged.ask("tools/call", { name: "b" });
    const session = await bridged.session(1);
    await session.told("tools/call", 2);
    assert.equal(bridged.server.count, 1);
  });

  it("are had by one call at a time that could be asked something; lists go on in the first", async () => {
    await using bridged = new Bridged();
    const one = await call(bridged, "first");
    const first = await bridged.session(1);
    await first.told("tools/call");
    const two = await call(bridged, "second");
    const second = await bridged.session(2);
    await second.told("tools/call");
    await bridged.ask("tools/list", {}, ABLE);
    await first.told("tools/list");
    await bridged.ask("tools/list", { cursor: "c" }, ABLE);
    assert.equal((await first.told("tools/list", 2)).params?.cursor, "c");
    first.say({ id: 1, method: "elicitation/create", params: {} });
    second.say({ id: 1, method: "elicitation/create", params: {} });
    const states = await Promise.all([one.result(), two.result()]);
    const three = await bridged.begin(
      retryOf(one.request, states[0]?.requestState, {
        elicitation_1: { action: "accept" },
      }),
    );
    await first.answered(1);
    await first.answer("tools/call", { of: "first" });
    assert.equal((await three.result()).of, "first");
    const four = await call(bridged, "fourth");
    await first.answer("tools/call", { of: "fourth" }, 2);
    assert.equal((await four.result()).of, "fourth");
    assert.equal(bridged.server.count, 2);
  });

  it("are shared by all calls where the transport tells which is asked", async () => {
    await using bridged = new Bridged();
    await call(bridged);
    const first = await bridged.server.session(1);
    await call(bridged);
    await first.hello({}, "by_stream");
    await first.told("tools/call", 2);
    await call(bridged);
    await first.told("tools/call", 3);
    assert.equal(bridged.server.count, 1);
  });

  it("are waited for where all are in use, and had in the order of asking", async () => {
    await using bridged = new Bridged({
      bounds: { ...BOUNDS, patienceMs: 60_000 },
    });
    const running = [await call(bridged), await call(bridged)];
    const first = await bridged.session(1);
    const second = await bridged.session(2);
    const later = [await call(bridged, "a"), await call(bridged, "b")];
    await first.answer("tools/call", { of: 1 });
    assert.equal((await first.told("tools/call", 2)).params?.name, "a");
    await second.answer("tools/call", { of: 2 });
    assert.equal((await second.told("tools/call", 2)).params?.name, "b");
    await first.answer("tools/call", {}, 2);
    await second.answer("tools/call", {}, 2);
    for (const one of [...running, ...later]) await one.result();
    assert.equal(bridged.server.count, 2);
  });

  it("are not had any more by who has left while it waited", async () => {
    await using bridged = new Bridged({ bounds: { ...BOUNDS, sessions: 1 } });
    const one = await call(bridged);
    const session = await bridged.session(1);
    const gone = await call(bridged, "gone");
    const stays = await call(bridged, "stays");
    await gone.leave();
    await session.answer("tools/call");
    await one.result();
    await session.answer("tools/call", { done: true }, 2);
    assert.equal((await stays.result()).done, true);
    assert.equal(session.all("tools/call").length, 2);
  });

  it("are taken from the call that has waited for its client for longest, not from one that runs", async () => {
    await using bridged = new Bridged({ bounds: BOUNDS });
    const runs = await call(bridged, "runs");
    const first = await bridged.session(1);
    await first.told("tools/call");
    const waits = await call(bridged, "waits");
    const second = await bridged.session(2);
    await second.told("tools/call");
    second.say({ id: 1, method: "elicitation/create", params: {} });
    const { requestState } = await waits.result();
    const third = await call(bridged, "third");
    assert.deepEqual((await second.answered(1)).result, { action: "cancel" });
    await second.answer("tools/call", { done: 3 }, 2);
    assert.equal((await third.result()).done, 3);
    const late = await bridged.begin(retryOf(waits.request, requestState));
    assert.equal(await faultOf(late), "invalid_state");
    await first.answer("tools/call", { done: 1 });
    assert.equal((await runs.result()).done, 1);
  });

  it("are refused where none gets free in time", async () => {
    await using bridged = new Bridged({
      bounds: { ...BOUNDS, sessions: 1 },
      limits: { requestMs: 30 },
    });
    await call(bridged);
    await bridged.session(1);
    assert.equal(await faultOf(await call(bridged)), "overloaded");
  });

  it("are not begun for who says too much of itself", async () => {
    await using bridged = new Bridged();
    const capabilities = { experimental: { x: { y: "z".repeat(70_000) } } };
    const one = await bridged.ask("x/do", {}, { capabilities });
    assert.equal(await faultOf(one), "invalid_params");
    let deep: unknown[] = [];
    for (let depth = 0; depth < 200_000; depth++) deep = [deep];
    assert.throws(() => digestOf(deep), /nest too deep/);
    assert.equal(bridged.server.count, 0);
  });

  it("are kept for so many sets of capabilities; an unused one makes room, a used one does not", async () => {
    await using bridged = new Bridged({ bounds: BOUNDS });
    const set = (n: number) => ({ capabilities: { experimental: { n } } });
    const one = await bridged.ask("x/do", {}, set(1));
    const first = await bridged.session(1);
    await bridged.ask("x/do", {}, set(2));
    await bridged.session(2);
    const three = await bridged.ask("x/do", {}, set(3));
    assert.equal(await faultOf(three), "overloaded");
    await bridged.ask("x/do", {}, set(3), bridged.bob);
    await bridged.session(3);
    await first.answer("x/do");
    await one.result();
    await bridged.ask("x/do", {}, set(4));
    await bridged.session(4);
    assert.match(String((await first.closed)?.message), /Another client/);
  });

  it("are as many as the limits on sessions allow, and the refusal names the limit", async () => {
    await using bridged = new Bridged({
      limits: { sessions: 2, sessionsPerToken: 1 },
    });
    const one = await call(bridged);
    const first = await bridged.session(1);
    await first.told("tools/call");
    const waits = await call(bridged, "waits");
    const refused = await bridged.ask("x/do");
    assert.equal(await faultOf(refused), "too_many_sessions");
    const { error } = await refused.answer();
    assert.match(String(error?.message), /proxy\.limits\.sessionsPerToken/);
    await bridged.ask("x/do", {}, {}, bridged.bob);
    await bridged.session(2);
    const third = new TestPrincipal("carol");
    const full = await (await bridged.ask("x/do", {}, {}, third)).answer();
    assert.match(String(full.error?.message), /proxy\.limits\.sessions$/);
    await first.answer("tools/call");
    await first.answer("tools/call", {}, 2);
    await Promise.all([one.result(), waits.result()]);
    await bridged.ask("x/do");
    await bridged.session(3);
    assert.match(String((await first.closed)?.message), /Another client/);
  });

  it("end when nothing was asked for so long, the ones beside the first too; a subscription keeps one", async () => {
    await using bridged = new Bridged({ limits: { idleMs: 20 } });
    const filter = { notifications: { toolsListChanged: true } };
    const listening = await bridged.ask("subscriptions/listen", filter, ABLE);
    const first = await bridged.session(1);
    await listening.told("notifications/subscriptions/acknowledged");
    const one = await call(bridged);
    const two = await call(bridged);
    const second = await bridged.session(2);
    await first.answer("tools/call");
    await second.answer("tools/call");
    await Promise.all([one.result(), two.result()]);
    assert.match(String((await second.closed)?.message), /Nothing was asked/);
    await listening.leave();
    assert.match(String((await first.closed)?.message), /Nothing was asked/);
    await bridged.ask("tools/list", {}, ABLE);
    await bridged.session(3);
  });

  it("are begun with what is unused ended where there are too many children", async () => {
    await using bridged = new Bridged();
    const full = new GatewayError("too_many_children", "too many");
    const one = await bridged.ask("x/do");
    const first = await bridged.session(1);
    await first.answer("x/do");
    await one.result();
    bridged.server.refusal = full;
    void first.closed.then(() => bridged.server.refusal = undefined);
    await bridged.ask("x/do", {}, ABLE);
    await (await bridged.session(2)).told("x/do");
    bridged.server.refusal = full;
    const refused = await bridged.ask("x/do", {}, {
      capabilities: { roots: {} },
    });
    assert.equal(await faultOf(refused), "too_many_children");
  });

  it("are waited for where there can be no more children", async () => {
    await using bridged = new Bridged();
    const one = await call(bridged);
    const first = await bridged.session(1);
    await first.told("tools/call");
    bridged.server.refusal = new GatewayError("too_many_children", "too many");
    const two = await call(bridged);
    await first.answer("tools/call");
    await first.answer("tools/call", { done: true }, 2);
    assert.equal((await two.result()).done, true);
    await one.result();
  });

  it("end with their token, and with the gateway; what waits is told why", async () => {
    await using bridged = new Bridged();
    const mine = await bridged.ask("x/do");
    const alices = await bridged.session(1);
    await alices.told("x/do");
    const other = await bridged.ask("x/do", {}, {}, bridged.bob);
    const bobs = await bridged.session(2);
    await bobs.told("x/do");
    bridged.alice.revoke();
    assert.equal((await mine.answer()).error?.message, "revoked");
    await alices.closed;
    assert.equal(await faultOf(await bridged.ask("x/do")), "invalid_token");
    await bridged.close();
    assert.equal(await faultOf(other), "shutting_down");
    await bobs.closed;
    const late = await bridged.ask("x/do", {}, {}, bridged.bob);
    assert.equal(await faultOf(late), "shutting_down");
    assert.equal(bridged.server.count, 2);
  });

  it("are begun by one handshake for all who wait for it, and again after it failed", async () => {
    await using bridged = new Bridged();
    const first = await bridged.ask("x/do");
    const second = await bridged.ask("x/do");
    const session = await bridged.server.session(1);
    const { id } = await session.told("initialize");
    session.say({ id, error: { code: -1, message: "no" } });
    for (const one of [first, second]) {
      assert.match(String((await one.answer()).error?.message), /refused/);
    }
    const third = await bridged.ask("x/do");
    await session.answer("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
    }, 2);
    await session.answer("x/do", { done: true });
    assert.equal((await third.result()).done, true);
  });
});
