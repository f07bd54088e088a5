// Splits an event stream into lines as WHATWG HTML § 9.2.6 has them: they end with LF, CR or CRLF.

import { concat, ownBytes } from "./concat.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Collects chunks of bytes, which nobody writes to again, and hands out whole lines; a byte order mark at the start of the stream is left out. */
export class SseLines {
  #parts: Uint8Array[] = [];
  #length = 0;
  #first = true;
  #afterReturn = false;

  /** How many bytes of an unfinished line are kept. */
  get pending(): number {
    return this.#length;
  }

  /** The lines that `chunk` completes; they do not share its memory. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    if (this.#afterReturn && chunk.length > 0) {
      this.#afterReturn = false;
      if (chunk[0] === LINE_FEED) start = 1;
    }
    let feed = chunk.indexOf(LINE_FEED, start);
    let back = chunk.indexOf(CARRIAGE_RETURN, start);
    while (feed !== -1 || back !== -1) {
      const end = back === -1 || (feed !== -1 && feed < back) ? feed : back;
      this.#keep(chunk.subarray(start, end));
      yield this.#take();
      start = end + 1;
      if (end === back) {
        if (start === chunk.length) this.#afterReturn = true;
        if (chunk[start] === LINE_FEED) start++;
      }
      // Each is looked for again only once passed: data without CR is searched for CR once, not once a line.
      if (feed !== -1 && feed < start) feed = chunk.indexOf(LINE_FEED, start);
      if (back !== -1 && back < start) {
        back = chunk.indexOf(CARRIAGE_RETURN, start);
      }
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#parts.push(ownBytes(part));
    this.#length += part.length;
  }

  #take(): Uint8Array {
    const line = concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    if (!this.#first) return line;
    this.#first = false;
    const marked = BYTE_ORDER_MARK.every((byte, at) => line[at] === byte);
    return marked ? line.subarray(BYTE_ORDER_MARK.length) : line;
  }
}
