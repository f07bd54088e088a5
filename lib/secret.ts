// A value that must never be shown: printing, logging or serialising one gives a mark instead.

import { createHash, timingSafeEqual } from "node:crypto";

const MARK = "[secret]";

/** A secret text, such as a token or a configured header value. */
export class Secret {
  readonly #value: string;

  /** Hides `value`. */
  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself, for the one place that has to send or compare it. */
  reveal(): string {
    return this.#value;
  }

  /** A mark instead of the text. */
  toString(): string {
    return MARK;
  }

  /** A mark instead of the text. */
  toJSON(): string {
    return MARK;
  }

  /** A mark instead of the text, for `console` on Bun and Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MARK;
  }

  /** A mark instead of the text, for `console` on Deno. */
  [Symbol.for("Deno.customInspect")](): string {
    return MARK;
  }
}

/** SHA-256 of a text: 32 bytes. */
export function digest(text: string): Uint8Array {
  return createHash("sha256").update(text, "utf8").digest();
}

/** Whether two digests are equal, in a time that does not depend on where they differ. */
export function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(a, b);
}
