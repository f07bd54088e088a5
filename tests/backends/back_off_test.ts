// When a backend that keeps dying may be started again.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BackOff,
  FIRST_WAIT_MS,
  GOOD_LIFE_MS,
  LONGEST_WAIT_MS,
} from "../../lib/backends/back_off.ts";

/** A back-off whose time the test lets pass. */
function fixture() {
  const clock = { now: 5_000 };
  const backOff = new BackOff(() => clock.now);
  const live = (lengthMs: number) => {
    backOff.ready();
    clock.now += lengthMs;
    backOff.died();
    return backOff.waitMs;
  };
  return { clock, backOff, live };
}

describe("the back-off of a backend", () => {
  it("has no wait before its first restart", () => {
    const { backOff, live } = fixture();
    assert.equal(backOff.waitMs, 0);
    assert.equal(live(10), 0);
    assert.equal(backOff.deaths, 1);
  });

  it("doubles the wait with each short life, up to the longest", () => {
    const { live } = fixture();
    const waits = Array.from({ length: 9 }, () => live(GOOD_LIFE_MS - 1));
    assert.deepEqual(
      waits.slice(0, 7),
      [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
    );
    assert.deepEqual(waits.slice(7), [LONGEST_WAIT_MS, LONGEST_WAIT_MS]);
  });

  it("is over when its time has passed, not before", () => {
    const { clock, backOff, live } = fixture();
    live(0);
    live(0);
    clock.now += FIRST_WAIT_MS - 1;
    assert.equal(backOff.waitMs, 1);
    clock.now += 1;
    assert.equal(backOff.waitMs, 0);
  });

  it("begins anew after a good life", () => {
    const { live, backOff } = fixture();
    live(0);
    live(0);
    live(0);
    assert.equal(live(GOOD_LIFE_MS), 0);
    assert.equal(backOff.deaths, 1);
    assert.equal(live(0), FIRST_WAIT_MS);
  });

  it("measures a life from when the backend worked: one that never did was none", () => {
    const { clock, backOff } = fixture();
    backOff.died();
    clock.now += 2 * GOOD_LIFE_MS;
    backOff.died();
    assert.equal(backOff.waitMs, FIRST_WAIT_MS);
    clock.now += 2 * GOOD_LIFE_MS;
    backOff.ready();
    clock.now += 1;
    backOff.ready();
    backOff.died();
    assert.equal(backOff.waitMs, 2 * FIRST_WAIT_MS);
  });
});
