// The lines of a log, from a file or standard input, compressed or not.

import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { standardInput } from "../../runtime/standard_input.ts";
import { concat } from "../../transports/concat.ts";
import { LineSplitter } from "../../transports/lines.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";

/** Longer lines are cut; ours are far shorter. */
const MAX_LINE_BYTES = 256 * 1024;

/** What is read of a file at once, in bytes. */
const CHUNK_BYTES = 256 * 1024;

/** How gzip data begins (RFC 1952 § 2.3.1). */
const GZIP = [0x1f, 0x8b] as const;

/** The lines of `log`, those of one chunk at a time; `-` is standard input. Throws a `CommandError`. */
export async function* linesOf(log: string): AsyncGenerator<Uint8Array[]> {
  const splitter = new LineSplitter(MAX_LINE_BYTES, "cut");
  const chunks = log === "-"
    ? standardInput()
    : createReadStream(log, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of unpacked(chunks)) yield splitter.push(chunk);
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw new CommandError(
      `cannot read the log ${log} (${code})`,
      "see whether the file exists and may be read, and is whole",
      EXIT_CODES.failed,
    );
  }
  const rest = splitter.rest();
  if (rest) yield [rest];
}

async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  let length = 0;
  while (length < GZIP.length) {
    const { value, done } = await source.next();
    if (done) break;
    begun.push(value);
    length += value.length;
  }
  const start = concat(begun, length);
  const whole = joined(start, source);
  if (!GZIP.every((byte, at) => start[at] === byte)) return yield* whole;
  const gunzip = createGunzip();
  // Whoever reads it is told how it ends.
  pipeline(Readable.from(whole), gunzip, () => {});
  yield* gunzip;
}

async function* joined(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield start;
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return;
    yield value;
  }
}
