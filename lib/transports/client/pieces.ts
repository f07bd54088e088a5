// Bytes that wait for their reader, handed out in pieces of a convenient size.

import { concat } from "../concat.ts";

/** How much is handed out at a time: a slow reader is seen to read, and short messages travel together. */
const PIECE_BYTES = 64 * 1024;

/** A first-in first-out queue of bytes. */
export class Pieces {
  #pieces: Uint8Array[] = [];
  /** The place of the first piece that was not handed out. */
  #next = 0;
  /** What came last and makes no piece yet. Many short messages cost far more memory than the bytes in them. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #weight = 0;

  /** What waits, in bytes. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds the parts of one message; many bytes are not copied. A message that fits into a piece is in one. */
  push(...parts: readonly Uint8Array[]): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.#weight += length;
    if (this.#restBytes + length > PIECE_BYTES) this.#closeRest();
    if (length > PIECE_BYTES) {
      for (const part of parts) this.#pushPieces(part);
      return;
    }
    this.#rest.push(...parts);
    this.#restBytes += length;
  }

  /** Takes the next piece; `undefined` when nothing waits. */
  take(): Uint8Array | undefined {
    if (this.#next === this.#pieces.length) this.#closeRest();
    const piece = this.#pieces[this.#next];
    if (!piece) return undefined;
    this.#next++;
    this.#weight -= piece.length;
    // Now and then only: moving what is left costs, too.
    if (this.#next * 2 >= this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#next);
      this.#next = 0;
    }
    return piece;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#pieces = [];
    this.#next = 0;
    this.#rest = [];
    this.#restBytes = 0;
    this.#weight = 0;
  }

  #pushPieces(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      this.#pieces.push(bytes.subarray(at, at + PIECE_BYTES));
    }
  }

  #closeRest(): void {
    if (this.#restBytes === 0) return;
    this.#pieces.push(concat(this.#rest, this.#restBytes));
    this.#rest = [];
    this.#restBytes = 0;
  }
}
