// What is remembered of a session, in case its server has to be started again.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  Agreement,
  MAX_SUBSCRIPTIONS,
  MAX_URI_CHARS,
  STATE_METHODS,
} from "../../lib/backends/agreement.ts";
import type { Agreed } from "../../lib/backends/agreement.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { Memory } from "../../lib/channel/memory.ts";
import { METHODS } from "../../lib/protocol/methods.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";

const HELLO = { protocolVersion: "2025-11-25", capabilities: { logging: {} } };

function fixture() {
  const memory = new Memory(1_000_000);
  const lines: LogLine[] = [];
  const agreement = new Agreement(memory, logInto(lines));
  const say = (method: string, params = {}, id?: number) => {
    const message = id === undefined
      ? { method, params }
      : { id, method, params };
    agreement.said(Envelope.of({ jsonrpc: "2.0", ...message }));
  };
  const succeed = (id: number, result: unknown = {}) =>
    agreement.answered(Envelope.result(id, result));
  const greet = () => {
    say(METHODS.initialize, { greeting: true }, 0);
    succeed(0, HELLO);
  };
  const subscribe = (uri: string, id = 1) => {
    say(STATE_METHODS.subscribe, { uri }, id);
    succeed(id);
  };
  const agreed = (): Agreed | undefined => agreement.agreed;
  return { agreement, agreed, memory, lines, say, succeed, greet, subscribe };
}

describe("the agreement of a session", () => {
  it("is none until initialize has been answered with a result", () => {
    const { agreement, agreed, say, succeed } = fixture();
    say(METHODS.initialize, { first: true }, 0);
    assert.equal(agreed(), undefined);
    agreement.answered(Envelope.error(0, { code: 1, message: "no" }));
    assert.equal(agreed(), undefined);
    succeed(0, HELLO);
    assert.equal(agreed(), undefined, "answered already");
    say(METHODS.initialize, { second: true }, 1);
    succeed(1, HELLO);
    const { initialize, ...rest } = agreed() as Agreed;
    assert.deepEqual(initialize.message().params, { second: true });
    assert.deepEqual(rest, {
      ...HELLO,
      initialized: false,
      level: undefined,
      subscriptions: [],
    });
  });

  it("has nothing that was not answered before the server died", () => {
    const { agreement, agreed, say, succeed, greet } = fixture();
    greet();
    say(STATE_METHODS.subscribe, { uri: "a:" }, 1);
    say(METHODS.initialize, { again: true }, 2);
    agreement.lost();
    // The ids are used again.
    succeed(1);
    succeed(2, HELLO);
    assert.deepEqual(agreed()?.subscriptions, []);
    assert.deepEqual(agreed()?.initialize.message().params, {
      greeting: true,
    });
  });

  it("has nothing that the client has cancelled", () => {
    const { agreed, say, succeed, greet } = fixture();
    greet();
    say(STATE_METHODS.setLevel, { level: "debug" }, 1);
    say(METHODS.cancelled, { requestId: 1 });
    succeed(1);
    assert.equal(agreed()?.level, undefined);
  });

  it("is that initialized was said only when it was", () => {
    const { agreed, say, greet } = fixture();
    greet();
    say("x/other");
    assert.equal(agreed()?.initialized, false);
    say(METHODS.initialized);
    assert.equal(agreed()?.initialized, true);
  });

  it("has bounds on subscriptions, and says when one is not remembered", () => {
    const { agreed, lines, greet, subscribe } = fixture();
    greet();
    subscribe(`a:${"x".repeat(MAX_URI_CHARS)}`);
    assert.equal(lines.length, 1);
    for (let at = 0; at < MAX_SUBSCRIPTIONS; at++) subscribe(`a:${at}`);
    assert.equal(lines.length, 1);
    subscribe("a:more");
    assert.equal(lines.length, 2);
    assert.ok(lines.every(({ level }) => level === "WARN"));
    assert.equal(agreed()?.subscriptions.length, MAX_SUBSCRIPTIONS);
    assert.equal(agreed()?.subscriptions.includes("a:more"), false);
  });

  it("remembers no subscription that names no uri", () => {
    const { agreed, say, succeed, greet } = fixture();
    greet();
    say(STATE_METHODS.subscribe, { uri: 7 }, 1);
    succeed(1);
    say(STATE_METHODS.setLevel, { level: {} }, 2);
    succeed(2);
    assert.deepEqual(agreed()?.subscriptions, []);
    assert.equal(agreed()?.level, undefined);
  });

  it("is forgotten whole, and its memory with it", () => {
    const { agreement, agreed, memory, say, greet, subscribe } = fixture();
    greet();
    const { used } = memory;
    assert.ok(used > 0);
    greet();
    assert.equal(memory.used, used, "the second in place of the first");
    say(METHODS.initialized);
    subscribe("a:");
    agreement.forget();
    assert.equal(agreed(), undefined);
    assert.equal(memory.used, 0);
    greet();
    const { initialized, subscriptions } = agreed() as Agreed;
    assert.deepEqual([initialized, subscriptions], [false, []]);
  });
});
