import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concat, gathered } from "../../lib/transports/concat.ts";

const LARGE_BYTES = 64 * 1024;

function large(value: number): Uint8Array {
  return new Uint8Array(LARGE_BYTES).fill(value);
}

describe("parts put together", () => {
  it("leave the parts to whoever else holds them", () => {
    const parts = [large(1), large(2)];
    const whole = concat(parts, 2 * LARGE_BYTES);
    assert.deepEqual([whole[0], whole.at(-1)], [1, 2]);
    assert.deepEqual(parts, [large(1), large(2)]);
  });

  it("give back the memory of large ones that nobody else holds", () => {
    const shared = large(3);
    const part = shared.subarray(1);
    const parts = [large(1), part, large(2), Uint8Array.of(4)];
    const whole = gathered(parts, 3 * LARGE_BYTES);
    assert.deepEqual([whole[0], whole[LARGE_BYTES], whole.at(-1)], [1, 3, 4]);
    assert.deepEqual(
      parts.map(({ length }) => length),
      [0, part.length, 0, 1],
    );
  });

  it("keep the only part as it is", () => {
    const only = large(1);
    assert.equal(gathered([only], LARGE_BYTES), only);
    assert.equal(only.length, LARGE_BYTES);
  });
});
