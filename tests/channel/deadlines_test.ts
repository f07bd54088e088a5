// Waits that share a timer end each at its own time.

import assert from "node:assert/strict";
import { it } from "node:test";
import { Deadlines } from "../../lib/channel/deadlines.ts";

/** A wait that the test sees the end of. */
function wait(deadlines: Deadlines, ms: number) {
  const { promise, resolve } = Promise.withResolvers<number>();
  const start = performance.now();
  const deadline = deadlines.start(ms, () => {
    resolve(performance.now() - start);
  });
  return { deadline, over: promise };
}

it("each wait ends after its own time, whatever the order they began in", async () => {
  const deadlines = new Deadlines();
  const long = wait(deadlines, 120);
  const short = wait(deadlines, 20);
  const middle = wait(deadlines, 60);
  const took = await Promise.all([short.over, middle.over, long.over]);
  assert.ok(took[0] >= 20 && took[1] >= 60 && took[2] >= 120, String(took));
  assert.deepEqual(took, took.toSorted((a, b) => a - b));
});

it("a wait that was ended does not expire, and the next one does", async () => {
  const deadlines = new Deadlines();
  let expired = 0;
  const ended = deadlines.start(10, () => expired++);
  deadlines.end(ended);
  deadlines.end(undefined);
  await wait(deadlines, 40).over;
  assert.equal(expired, 0);
  await wait(deadlines, 10).over;
});

it("a wait may begin while another expires", async () => {
  const deadlines = new Deadlines();
  const { promise, resolve } = Promise.withResolvers<void>();
  deadlines.start(5, () => deadlines.start(5, resolve));
  await promise;
});

it("a wait that another one ends when it expires does not expire", async () => {
  const deadlines = new Deadlines();
  let expired = 0;
  deadlines.start(5, () => deadlines.end(other));
  const other = deadlines.start(5, () => expired++);
  await wait(deadlines, 20).over;
  assert.equal(expired, 0);
});

it("nothing expires once all are ended", async () => {
  const deadlines = new Deadlines();
  let expired = 0;
  const waits = [5, 5, 10].map((ms) => deadlines.start(ms, () => expired++));
  for (const one of waits) deadlines.end(one);
  await wait(new Deadlines(), 30).over;
  assert.equal(expired, 0);
});

it("waits of one length end in the order they began, those that are over at once", async () => {
  const deadlines = new Deadlines();
  const ended: number[] = [];
  const starts = [0, 1, 2].map((number) =>
    deadlines.start(5, () => ended.push(number))
  );
  deadlines.end(starts[1]);
  await wait(deadlines, 20).over;
  assert.deepEqual(ended, [0, 2]);
});
