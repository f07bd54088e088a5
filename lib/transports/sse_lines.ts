// Splits an event stream into lines as WHATWG HTML § 9.2.6 has them: they end with LF, CR or CRLF.

import { isAt } from "./bytes_at.ts";
import { gathered, ownBytes } from "./concat.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Is told of a line without its end: where it stands in `bytes`, which hold others as well. */
export type TakeLine = (bytes: Uint8Array, start: number, end: number) => void;

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

  /** Hands out the lines that `chunk` completes. */
  push(chunk: Uint8Array, take: TakeLine): void {
    let start = 0;
    if (this.#afterReturn && chunk.length > 0) {
      this.#afterReturn = false;
      if (chunk[0] === LINE_FEED) start = 1;
    }
    let feed = chunk.indexOf(LINE_FEED, start);
    let back = chunk.indexOf(CARRIAGE_RETURN, start);
    while (feed !== -1 || back !== -1) {
      const end = back === -1 || (feed !== -1 && feed < back) ? feed : back;
      this.#finish(chunk, start, end, take);
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
    this.#keep(chunk, start, chunk.length);
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#parts.push(ownBytes(chunk, start, end));
    this.#length += end - start;
  }

  /** Hands out the line that ends here; where it began in an earlier chunk, it is put together. */
  #finish(
    chunk: Uint8Array,
    start: number,
    end: number,
    take: TakeLine,
  ): void {
    if (this.#length === 0) return this.#hand(chunk, start, end, take);
    this.#keep(chunk, start, end);
    const line = gathered(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    this.#hand(line, 0, line.length, take);
  }

  #hand(bytes: Uint8Array, start: number, end: number, take: TakeLine): void {
    const isMarked = this.#first && isAt(bytes, start, end, BYTE_ORDER_MARK);
    this.#first = false;
    take(bytes, isMarked ? start + BYTE_ORDER_MARK.length : start, end);
  }
}
