// A value that must never be shown: printing, logging or serialising one gives a mark instead.

import { hash, randomBytes } from "node:crypto";

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

/** Of this process, so that nobody outside can know or choose the fingerprint of a text. */
const SALT = randomBytes(32).toString("hex");

/** A fingerprint to look secret texts up by: how long that takes tells nothing of the text. Other processes have others. */
export function fingerprint(text: string): string {
  return hash("sha256", SALT + text, "hex");
}
