// Taking turns: the ratios of the benchmark, and what becomes of those that fail.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compare, ratiosOf } from "../../bench/compare.ts";
import { WrongAnswer } from "../../bench/load/failures.ts";
import type { LoadSession } from "../../bench/load/session.ts";
import { median } from "../../bench/run.ts";

const TURNS = { rounds: 3, windowMs: 20, bytes: 1 };

/** A session whose calls do this. */
function session(call: () => Promise<void>): LoadSession {
  return { call, rest() {}, end: () => Promise.resolve() };
}

const pause = (ms: number) =>
  session(() => new Promise((resolve) => setTimeout(resolve, ms)));
const failing = session(() => Promise.reject(new WrongAnswer("no")));

describe("contenders that take turns", () => {
  it("have figures of each round, and ratios of the same rounds", async () => {
    const done = await compare([
      { name: "slow", sessions: [pause(8)] },
      { name: "quick", sessions: [pause(1)] },
    ], TURNS);
    const [slow, quick] = [done.get("slow"), done.get("quick")];
    assert.ok(typeof slow === "object" && typeof quick === "object");
    assert.equal(slow.turns.length, TURNS.rounds);
    assert.ok(ratiosOf(quick, slow).calls > 1);
    assert.ok(ratiosOf(quick, slow).p50 < 1);
  });

  it("are told by their reason when they may fail", async () => {
    const told: string[] = [];
    const done = await compare([
      { name: "peer", sessions: [failing], mayFail: true },
      { name: "own", sessions: [pause(1)] },
    ], { ...TURNS, progress: (line) => told.push(line) });
    assert.equal(done.get("peer"), "wrong answers");
    assert.equal(typeof done.get("own"), "object");
    assert.deepEqual(told, ["peer: no"]);
  });

  it("fail the run when they may not", async () => {
    const own = { name: "own", sessions: [failing] };
    await assert.rejects(compare([own], TURNS), { message: "own: no" });
  });
});

describe("the median", () => {
  it("is the middle one, or between the two in the middle", () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });
});
