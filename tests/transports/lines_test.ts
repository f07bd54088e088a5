import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { LineSplitter } from "../../lib/transports/lines.ts";

const LIMIT_BYTES = 16;

function texts(lines: readonly Uint8Array[]): string[] {
  return lines.map((line) =>
    new TextDecoder("utf-8", { fatal: true }).decode(line)
  );
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("lines", () => {
  it("are the same whatever the chunks, also inside a character", () => {
    const whole = bytes("één\r\n\ntwée\nrest");
    for (let size = 1; size <= whole.length; size++) {
      const splitter = new LineSplitter(LIMIT_BYTES, "fail");
      const lines: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) {
        lines.push(...splitter.push(whole.subarray(at, at + size)));
      }
      assert.deepEqual(texts(lines), ["één", "", "twée"]);
      assert.deepEqual(texts([splitter.rest() as Uint8Array]), ["rest"]);
      assert.equal(splitter.rest(), undefined);
    }
  });

  it("do not hold on to the chunk they came in", () => {
    const splitter = new LineSplitter(LIMIT_BYTES, "fail");
    const chunk = Buffer.from("one\ntw");
    const lines = splitter.push(chunk);
    const rest = splitter.push(bytes("o\nthree\n"));
    assert.deepEqual(texts([...lines, ...rest]), ["one", "two", "three"]);
    for (const line of [...lines, ...rest]) {
      assert.ok(line.buffer.byteLength <= 2 * line.length);
    }
  });

  it("beyond the limit fail, where that is wanted", () => {
    const splitter = new LineSplitter(LIMIT_BYTES, "fail");
    splitter.push(bytes("x".repeat(LIMIT_BYTES)));
    assert.throws(() => splitter.push(bytes("x")), {
      fault: "message_too_large",
    });
  });

  it("beyond the limit are cut, where that is wanted", () => {
    const splitter = new LineSplitter(4, "cut");
    assert.deepEqual(texts(splitter.push(bytes("123456"))), []);
    assert.deepEqual(texts(splitter.push(bytes("78\nab\n"))), ["1234", "ab"]);
  });
});
