// How many servers are examined at the same time.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sideBySide } from "../../lib/cli/check/side_by_side.ts";

describe("work side by side", () => {
  it("is on as many items at once as the limit says, and keeps their order", async () => {
    let open = 0;
    let most = 0;
    const items = Array.from({ length: 20 }, (_, at) => at);
    const results = await sideBySide(items, 3, async (item) => {
      most = Math.max(most, ++open);
      // The first ones take the longest.
      for (let turn = item; turn < 20; turn++) await Promise.resolve();
      open--;
      return item * 2;
    });
    assert.equal(most, 3);
    assert.deepEqual(results, items.map((item) => item * 2));
  });

  it("is over at once where there are no items", async () => {
    assert.deepEqual(await sideBySide([], 3, () => Promise.resolve()), []);
  });
});
