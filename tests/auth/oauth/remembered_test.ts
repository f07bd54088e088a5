// What is fetched once for many: when it is fetched again, and what happens while it cannot be.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Remembered } from "../../../lib/auth/oauth/remembered.ts";

const LIFETIMES = { freshMs: 600_000, usableMs: 3_600_000, cooldownMs: 30_000 };

function stage() {
  const state = { now: 0, fetched: 0, isDown: false };
  const remembered = new Remembered(
    () => {
      state.fetched++;
      return state.isDown
        ? Promise.reject(new Error("down"))
        : Promise.resolve(state.fetched);
    },
    LIFETIMES,
    () => state.now,
  );
  return { state, remembered };
}

describe("what is remembered", () => {
  it("is fetched once for all who ask at the same time", async () => {
    const { state, remembered } = stage();
    await Promise.all(Array.from({ length: 10 }, () => remembered.get()));
    assert.equal(state.fetched, 1);
  });

  it("is fetched again when it is not fresh any more", async () => {
    const { state, remembered } = stage();
    assert.equal(await remembered.get(), 1);
    state.now = LIFETIMES.freshMs - 1;
    assert.equal(await remembered.get(), 1);
    state.now = LIFETIMES.freshMs;
    assert.equal(await remembered.get(), 2);
  });

  it("is renewed at once, and then not before the cooldown is over", async () => {
    const { state, remembered } = stage();
    await remembered.get();
    assert.equal(await remembered.newer(), 2);
    state.now = LIFETIMES.cooldownMs - 1;
    assert.equal(await remembered.newer(), 2);
    state.now = LIFETIMES.cooldownMs;
    assert.equal(await remembered.newer(), 3);
  });

  it("is used for a while where it cannot be fetched again", async () => {
    const { state, remembered } = stage();
    await remembered.get();
    state.isDown = true;
    state.now = LIFETIMES.usableMs - 1;
    assert.equal(await remembered.get(), 1);
    state.now = LIFETIMES.usableMs;
    await assert.rejects(remembered.get(), /down/);
  });

  it("is asked for ever later while that fails", async () => {
    const { state, remembered } = stage();
    state.isDown = true;
    const attempts: number[] = [];
    for (; state.now < 120_000; state.now += 500) {
      const before = state.fetched;
      await assert.rejects(remembered.get(), /down/);
      if (state.fetched > before) attempts.push(state.now / 1_000);
    }
    assert.deepEqual(attempts, [0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it("that failed to be renewed says so, as what is wanted may be there", async () => {
    const { state, remembered } = stage();
    await remembered.get();
    state.isDown = true;
    await assert.rejects(remembered.newer(), /down/);
    await assert.rejects(remembered.newer(), /down/);
    assert.equal(state.fetched, 2);
    assert.equal(await remembered.get(), 1);
  });
});
