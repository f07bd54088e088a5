// The bounded queue every buffer is made of.

import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { Queue } from "../../lib/channel/queue.ts";

async function rest<T>(queue: Queue<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe("a queue", () => {
  it("hands out what it took, in order, and then the end", async () => {
    const queue = new Queue<number>(10);
    for (const item of [1, 2, 3]) assert.ok(queue.push(item));
    queue.end();
    assert.deepEqual(await rest(queue), [1, 2, 3]);
  });

  it("takes one item below its bound, however heavy, and none at it", () => {
    const queue = new Queue<number>(10, (weight) => weight);
    assert.ok(queue.push(9));
    assert.ok(queue.push(500));
    assert.equal(queue.push(1), false);
    assert.equal(queue.weight, 509);
  });

  it("does not hold on to what it has handed out, though it is never empty", async () => {
    const MIB = 1024 * 1024;
    const queue = new Queue<Uint8Array>(4 * MIB, ({ length }) => length);
    // Filled, so that it is memory and not a promise of some.
    const push = () => queue.push(new Uint8Array(MIB).fill(1));
    push();
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 1_000; count++) {
      push();
      await queue.next();
    }
    assert.equal(queue.weight, MIB);
    const grownMib = (process.memoryUsage().rss - before) / MIB;
    assert.ok(grownMib < 400, `${grownMib} MiB`);
  });

  it("weighs nothing once it is emptied", async () => {
    const queue = new Queue<number>(10, (weight) => weight);
    queue.push(9);
    await queue.next();
    assert.equal(queue.weight, 0);
    assert.ok(queue.push(9));
  });

  it("takes several items, or none at its bound", async () => {
    const queue = new Queue<number>(3, (weight) => weight);
    const next = queue.next();
    assert.ok(queue.pushAll([1, 2, 3]));
    assert.deepEqual(await next, { done: false, value: 1 });
    assert.equal(queue.weight, 5);
    assert.equal(queue.pushAll([1]), false);
    queue.end();
    assert.deepEqual(await rest(queue), [2, 3]);
  });

  it("wakes a consumer that waits", async () => {
    const queue = new Queue<string>(10);
    const next = queue.next();
    queue.push("late");
    assert.deepEqual(await next, { done: false, value: "late" });
  });

  it("throws the reason of its end after what waited was handed out", async () => {
    const queue = new Queue<number>(10);
    queue.push(1);
    queue.end(new Error("broken"));
    assert.deepEqual(await queue.next(), { done: false, value: 1 });
    await assert.rejects(queue.next(), /broken/);
  });

  it("throws the reason of its end at a consumer that waits", async () => {
    const queue = new Queue<number>(10);
    const next = queue.next();
    queue.end(new Error("broken"));
    await assert.rejects(next, /broken/);
  });

  it("hands out nothing once it is dropped, and says what was lost", async () => {
    const queue = new Queue<number>(10);
    for (const item of [1, 2]) queue.push(item);
    await queue.next();
    assert.deepEqual(queue.drop(), [2]);
    assert.equal(queue.push(3), false);
    assert.deepEqual(await rest(queue), []);
  });
});
