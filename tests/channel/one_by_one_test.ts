// What came together is handed over in order, and nothing is waited for without need.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { oneByOne } from "../../lib/channel/one_by_one.ts";

describe("handing over one by one", () => {
  it("is done at once where there is room for all", () => {
    const taken: number[] = [];
    const room = oneByOne([1, 2, 3], (item) => void taken.push(item));
    assert.equal(room, undefined);
    assert.deepEqual(taken, [1, 2, 3]);
  });

  it("goes on once there is room again", async () => {
    const taken: number[] = [];
    const full = Promise.withResolvers<void>();
    const room = oneByOne([1, 2, 3], (item) => {
      taken.push(item);
      return item === 2 ? full.promise : undefined;
    });
    assert.deepEqual(taken, [1, 2]);
    full.resolve();
    await room;
    assert.deepEqual(taken, [1, 2, 3]);
  });

  it("ends with the item that cannot be taken", async () => {
    const taken: number[] = [];
    const room = oneByOne([1, 2, 3], (item) => {
      if (item === 2) throw new Error("refused");
      taken.push(item);
      return Promise.resolve();
    });
    await assert.rejects(() => room as Promise<void>, /refused/);
    assert.deepEqual(taken, [1]);
  });
});
