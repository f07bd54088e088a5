// Bytes that wait for their reader: all of them come out, in their order and in handy pieces.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pieces } from "../../../lib/transports/client/pieces.ts";

const LARGEST = 64 * 1024;

/** Bytes that count on from `from`, so that a lost or swapped one shows. */
function counting(length: number, from: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (from + at) % 251);
}

describe("pieces", () => {
  it("carry every byte, whatever is pushed and taken in between", () => {
    const pieces = new Pieces();
    const sizes = [1, 70_000, 3, 65_536, 5, 200_000, 65_535, 1, 1, 40_000];
    let pushed = 0;
    let taken = 0;
    for (const [at, size] of [...sizes, ...sizes, ...sizes].entries()) {
      pieces.push(counting(size, pushed));
      pushed += size;
      for (let n = at % 3; n > 0; n--) taken += check(pieces.take(), taken);
      assert.equal(pieces.weight, pushed - taken);
    }
    while (pieces.weight > 0) taken += check(pieces.take(), taken);
    assert.deepEqual([taken, pieces.take()], [pushed, undefined]);
  });

  it("let short messages travel together", () => {
    const pieces = new Pieces();
    for (let n = 0; n < 1_000; n++) pieces.push(new Uint8Array(100));
    const sizes = [pieces.take(), pieces.take()].map((one) => one?.length);
    assert.deepEqual(sizes, [65_500, 34_500]);
  });

  it("are forgotten", () => {
    const pieces = new Pieces();
    pieces.push(new Uint8Array(3 * LARGEST));
    pieces.take();
    pieces.clear();
    assert.deepEqual([pieces.weight, pieces.take()], [0, undefined]);
    pieces.push(counting(3, 0));
    check(pieces.take(), 0);
  });
});

/** The length of a piece that continues the counting at `from`. */
function check(piece: Uint8Array | undefined, from: number): number {
  if (!piece) return 0;
  assert.ok(piece.length > 0 && piece.length <= LARGEST, `${piece.length}`);
  assert.deepEqual(piece, counting(piece.length, from));
  return piece.length;
}
