// Splits a stream of bytes into lines, whatever the chunks it comes in.

import { GatewayError } from "../errors.ts";
import { gathered, ownBytes } from "./concat.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** What happens to a line beyond the limit: the stream fails, or the rest of the line is left out. */
export type LongLines = "fail" | "cut";

/**
 * Collects chunks, which nobody writes to again, and hands out whole lines without their
 * line ends (LF or CRLF). Works on bytes, so that a character split between two chunks does no harm.
 */
export class LineSplitter {
  readonly #limit: number;
  readonly #longLines: LongLines;
  #parts: Uint8Array[] = [];
  #length = 0;

  /** @param limit the longest line, in bytes */
  constructor(limit: number, longLines: LongLines) {
    this.#limit = limit;
    this.#longLines = longLines;
  }

  /** The lines that `chunk` completes; they do not share its memory. Throws `message_too_large`. */
  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = plain(chunk);
    const lines: Uint8Array[] = [];
    let start = 0;
    let end = bytes.indexOf(LINE_FEED);
    while (end !== -1) {
      this.#keep(bytes, start, end);
      lines.push(this.#take());
      start = end + 1;
      end = bytes.indexOf(LINE_FEED, start);
    }
    this.#keep(bytes, start, bytes.length);
    return lines;
  }

  /** The last line, if the stream ended without a line end. */
  rest(): Uint8Array | undefined {
    return this.#length === 0 ? undefined : this.#take();
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const room = this.#limit - this.#length;
    if (end - start > room && this.#longLines === "fail") {
      throw new GatewayError(
        "message_too_large",
        `A line is longer than ${this.#limit} bytes`,
      );
    }
    const kept = Math.min(end - start, room);
    if (kept === 0) return;
    this.#parts.push(ownBytes(bytes, start, start + kept));
    this.#length += kept;
  }

  #take(): Uint8Array {
    const line = gathered(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}

/** The same bytes without the habits of Node's Buffer, whose `slice` does not copy. */
function plain({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
