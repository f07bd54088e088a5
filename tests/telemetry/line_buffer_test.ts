// Log lines on their way to a reader that is fast, slow, stalled, gone or failing.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BATCH_CHARS,
  LineBuffer,
  WAITING_LIMIT_CHARS,
} from "../../lib/telemetry/line_buffer.ts";

/** A reader that takes what is written when it is told to. */
class Reader {
  readonly batches: string[] = [];
  readonly buffer = new LineBuffer(
    (bytes) => this.#take(bytes),
    (count) => `lost ${count}\n`,
  );
  #stalled?: PromiseWithResolvers<void>;
  #failure?: Error;

  stall(): void {
    this.#stalled = Promise.withResolvers();
  }

  resume(): void {
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }

  fail(code: string | undefined): void {
    this.#failure = code === undefined
      ? undefined
      : Object.assign(new Error(code), { code });
  }

  get text(): string {
    return this.batches.join("");
  }

  async #take(bytes: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure;
    this.batches.push(new TextDecoder().decode(bytes));
    await this.#stalled?.promise;
  }
}

const FLUSH_MS = 5_000;

describe("the log buffer", () => {
  it("writes lines together after a moment, without being told", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const buffer = new LineBuffer((bytes) => {
      resolve(new TextDecoder().decode(bytes));
      return Promise.resolve();
    }, String);
    buffer.add("a\n", "soon");
    buffer.add("b\n", "soon");
    // The buffer's own timer keeps no process alive; this one does.
    const alive = setTimeout(() => {}, FLUSH_MS);
    assert.equal(await promise, "a\nb\n");
    clearTimeout(alive);
  });

  it("writes an urgent line at once, after those before it", () => {
    const reader = new Reader();
    reader.buffer.add("a\n", "soon");
    assert.deepEqual(reader.batches, []);
    reader.buffer.add("b\n", "now");
    assert.deepEqual(reader.batches, ["a\nb\n"]);
  });

  it("writes at once when enough waits", () => {
    const reader = new Reader();
    const line = "x".repeat(BATCH_CHARS);
    reader.buffer.add(line, "soon");
    assert.deepEqual(reader.batches, [line]);
  });

  it("has one write under way at a time and keeps the order", async () => {
    const reader = new Reader();
    reader.stall();
    for (let i = 0; i < 10_000; i++) reader.buffer.add(`${i}\n`, "now");
    assert.deepEqual(reader.batches, ["0\n"]);
    reader.resume();
    await reader.buffer.flush(FLUSH_MS);
    const expected = Array.from({ length: 10_000 }, (_, i) => `${i}\n`);
    assert.equal(reader.text, expected.join(""));
  });

  it("drops what goes beyond the bound, and says how many at that place", async () => {
    const reader = new Reader();
    const line = `${"x".repeat(1023)}\n`;
    const fits = WAITING_LIMIT_CHARS / line.length;
    reader.stall();
    for (let i = 0; i < fits + 5; i++) reader.buffer.add(line, "now");
    reader.resume();
    await reader.buffer.flush(FLUSH_MS);
    reader.buffer.add("after\n", "now");
    await reader.buffer.flush(FLUSH_MS);
    assert.equal(reader.text, line.repeat(fits) + "lost 5\nafter\n");
  });

  it("gives up flushing at the deadline when the reader is stalled", async () => {
    const reader = new Reader();
    reader.stall();
    reader.buffer.add("a\n", "now");
    await reader.buffer.flush(1);
    reader.buffer.add("b\n", "now");
    assert.equal(reader.text, "a\n");
    reader.resume();
    await reader.buffer.flush(FLUSH_MS);
    assert.equal(reader.text, "a\nb\n");
  });

  it("falls silent when the reader is gone", async () => {
    const reader = new Reader();
    reader.fail("EPIPE");
    reader.buffer.add("a\n", "now");
    await reader.buffer.flush(FLUSH_MS);
    reader.fail(undefined);
    reader.buffer.add("b\n", "now");
    await reader.buffer.flush(FLUSH_MS);
    assert.equal(reader.text, "");
  });

  it("goes on after a write that failed, and counts what it took with it", async () => {
    const reader = new Reader();
    reader.fail("ENOSPC");
    reader.buffer.add("a\n", "soon");
    reader.buffer.add("b\n", "now");
    await reader.buffer.flush(FLUSH_MS);
    reader.buffer.add("c\n", "now");
    await reader.buffer.flush(FLUSH_MS);
    reader.fail(undefined);
    reader.buffer.add("d\n", "now");
    await reader.buffer.flush(FLUSH_MS);
    assert.equal(reader.text, "lost 3\nd\n");
  });
});
