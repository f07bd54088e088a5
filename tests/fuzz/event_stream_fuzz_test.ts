// Events from a server, in whatever bytes and chunks: read as the standard reads them.

import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { SseLines } from "../../lib/transports/sse_lines.ts";
import { readSseEvents } from "../../lib/transports/sse_events.ts";
import { chunked, cuts, holds, LIMIT } from "./fuzz.ts";

const LIMIT_BYTES = 1024 * 1024;
const encoder = new TextEncoder();

/** An event as a client of the standard would be told it, and what it set besides. */
interface Told {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
  readonly retry?: number;
}

/** The algorithm of WHATWG HTML § 9.2.6 over a whole text, field by field as it stands there. */
function standard(text: string): Told[] {
  const told: Told[] = [];
  let data = "", event = "", id: string | undefined, retry: number | undefined;
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  // What follows the last line end is no line.
  for (const line of lines.slice(0, -1)) {
    if (line === "") {
      const whole = data.endsWith("\n") ? data.slice(0, -1) : data;
      if (data !== "" || id !== undefined || retry !== undefined) {
        told.push({ event: event || "message", data: whole, id, retry });
      }
      [data, event, id, retry] = ["", "", undefined, undefined];
      continue;
    }
    const [, field, value = ""] = /^([^:]*)(?::[ ]?([^]*))?$/.exec(line) ?? [];
    if (field === "event") event = value;
    if (field === "data") data += `${value}\n`;
    if (field === "id" && !value.includes("\0")) id = value;
    if (field === "retry" && /^[0-9]+$/.test(value)) retry = Number(value);
  }
  return told;
}

async function read(chunks: readonly Uint8Array[]): Promise<Told[]> {
  const told: Told[] = [];
  for await (const some of readSseEvents(from(chunks), LIMIT_BYTES)) {
    for (const { event, data, id, retry } of some) {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
      told.push({ event, data: text, id, retry });
    }
  }
  return told;
}

async function* from(chunks: readonly Uint8Array[]) {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** Lines that matter among others, with all three line ends. */
function streamBytes(): fc.Arbitrary<Uint8Array> {
  const field = fc.constantFrom(
    "data",
    "event",
    "id",
    "retry",
    "datax",
    "",
    " data",
    "\ufeffdata",
  );
  const colon = fc.constantFrom(":", ": ", ":  ", "");
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "7", "007", "7x", "\0", ":", "\ufeff"),
  );
  const end = fc.constantFrom("\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n");
  const line = fc.tuple(field, colon, value, end).map((parts) =>
    parts.join("")
  );
  const text = fc.tuple(fc.constantFrom("", "\ufeff"), fc.array(line))
    .map(([mark, lines]) => encoder.encode(mark + lines.join("")));
  return fc.oneof({ weight: 4, arbitrary: text }, fc.uint8Array());
}

it(
  "a stream is read as the standard reads it, in whatever chunks it comes",
  LIMIT,
  async () => {
    await holds(
      fc.asyncProperty(streamBytes(), cuts(), async (bytes, places) => {
        const expected = standard(
          new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
        );
        assert.deepEqual(await read([bytes]), expected);
        assert.deepEqual(await read(chunked(bytes, places)), expected);
        const single = Array.from(bytes, (_, at) => bytes.slice(at, at + 1));
        assert.deepEqual(await read(single), expected);
      }),
      500,
      [
        [encoder.encode("\ufeffdata: a\r\r"), [1, 2]],
        [encoder.encode("retry:7\nretry:\n\n"), []],
      ],
    );
  },
);

function linesIn(chunks: readonly Uint8Array[]): number[][] {
  const lines = new SseLines();
  const found: number[][] = [];
  for (const chunk of chunks) {
    lines.push(chunk, (bytes, start, end) => {
      found.push([...bytes.slice(start, end)]);
    });
  }
  return found;
}

it("the lines of a stream are the same however it is cut", LIMIT, async () => {
  await holds(
    fc.property(streamBytes(), cuts(), (bytes, places) => {
      const cut = linesIn(chunked(bytes, places));
      assert.deepEqual(cut, linesIn([bytes]));
    }),
    300,
  );
});

/** The best of three: what is measured is work, and others may take the processor away. */
async function msFor(bytes: number): Promise<number> {
  const text = `data: ${"x".repeat(bytes)}\n\n`;
  const chunks = Array.from(
    encoder.encode(text),
    (byte) => Uint8Array.of(byte),
  );
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const [event] = await read(chunks);
    times.push(performance.now() - start);
    assert.equal(event?.data.length, bytes);
  }
  return Math.min(...times);
}

it(
  "a large event byte by byte takes time in proportion to its size",
  LIMIT,
  async () => {
    await msFor(1 << 12);
    const small = await msFor(1 << 14);
    const large = await msFor(1 << 18);
    // 16 times the bytes: 16 times the work, not 256 times.
    assert.ok(large < 80 * small, `${small} ms, then ${large} ms`);
  },
);
