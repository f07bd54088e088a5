// A bearer token as the gateway knows it: by its SHA-256, so that the token itself need not be known.

import { hash } from "node:crypto";
import { Secret } from "../secret.ts";

/** A token of the configuration. */
export interface Token {
  /** Its SHA-256, in hexadecimal digits of lower case. */
  readonly digest: Secret;
  /** The token itself; absent where only its hash is known. */
  readonly value?: Secret;
  /** From then on it is not valid; absent where it never ends. */
  readonly expires?: Date;
}

/** Whether the token's time is over. */
export function hasExpired(
  { expires }: Pick<Token, "expires">,
  now = Date.now(),
): boolean {
  return expires !== undefined && expires.getTime() <= now;
}

/** The token with this value. */
export function tokenOf(value: string): Token {
  return { digest: new Secret(digestOf(value)), value: new Secret(value) };
}

/** The token with this SHA-256. */
export function hashedToken(digest: string): Token {
  return { digest: new Secret(digest) };
}

/** The SHA-256 of a text, in hexadecimal digits of lower case. */
export function digestOf(text: string): string {
  return hash("sha256", text, "hex");
}
