// A token that nobody guesses.

import { randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;

/** A new token: 32 random bytes in base64 for URLs, so that it needs no quotes anywhere. */
export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}
