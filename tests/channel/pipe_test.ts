import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pipe } from "../../lib/channel/pipe.ts";

const PATIENCE_MS = 20;

function pipeOf(limit: number): Pipe<number> {
  return new Pipe(limit, () => 1);
}

describe("a pipe", () => {
  it("lets producers wait for room, and serves them in their order", async () => {
    const pipe = pipeOf(1);
    const puts = [1, 2, 3].map((item) => pipe.put(item));
    const taken: unknown[] = [];
    for (let n = 0; n < 3; n++) taken.push((await pipe.next()).value);
    assert.deepEqual(taken, [1, 2, 3]);
    assert.deepEqual(await Promise.all(puts), ["taken", "taken", "taken"]);
  });

  it("does not let a late producer pass one that waits", async () => {
    const pipe = pipeOf(1);
    pipe.put(1);
    pipe.put(2);
    const first = pipe.next();
    pipe.put(3);
    await first;
    assert.deepEqual([(await pipe.next()).value, (await pipe.next()).value], [
      2,
      3,
    ]);
  });

  it("tells a producer whose patience ends that it is full, and forgets its item", async () => {
    const pipe = pipeOf(1);
    await pipe.put(1);
    assert.equal(await pipe.put(2, PATIENCE_MS), "full");
    assert.equal((await pipe.next()).value, 1);
    assert.equal(await pipe.put(3), "taken");
    assert.equal((await pipe.next()).value, 3);
  });

  it("hands out what it holds after its end, then throws the reason", async () => {
    const pipe = pipeOf(1);
    await pipe.put(1);
    const waiting = pipe.put(2);
    pipe.end(new Error("over"));
    assert.equal(await waiting, "ended");
    assert.equal(await pipe.put(3), "ended");
    assert.equal((await pipe.next()).value, 1);
    await assert.rejects(pipe.next(), /over/);
  });

  it("forgets everything when it is dropped", async () => {
    const pipe = pipeOf(1);
    await pipe.put(1);
    const waiting = pipe.put(2);
    pipe.drop();
    assert.equal(await waiting, "ended");
    assert.equal((await pipe.next()).done, true);
  });
});
