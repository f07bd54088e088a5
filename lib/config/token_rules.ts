// What the value of a token may be.

import { digestOf } from "../auth/token.ts";
import { digestIn, isHash } from "./token_hash.ts";

/** What is wrong with a token, without showing it. */
export interface TokenFlaw {
  readonly message: string;
  readonly hint?: string;
}

/** The longest name of a token. */
export const MAX_TOKEN_NAME_LENGTH = 64;

/** What the name of a token has to be, as the end of a sentence. */
export const NAME_WANTED =
  `a name of 1 to ${MAX_TOKEN_NAME_LENGTH} printable characters`;

/** Whether a text can be the name of a token: it stands in the log. */
export function isTokenName(name: string): boolean {
  return isPrintable(name) && name.length <= MAX_TOKEN_NAME_LENGTH;
}

/** Whether a text can be seen as it is. */
export function isPrintable(name: string): boolean {
  return name !== "" && name.trim() === name &&
    !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
}

/** A shorter token can be used, with a warning. */
export const MIN_SAFE_TOKEN_LENGTH = 16;

/**
 * Visible ASCII without comma and double quote. RFC 6750 § 2.1 has fewer characters (b64token), but tokens with
 * others are in use; these two would make two credentials of one when headers are joined (RFC 9110 § 5.3).
 */
export const LEGAL_VALUE = /^[\x21\x23-\x2b\x2d-\x7e]*$/;

const GOOD = "mcp-front token new makes a good one";

/** Why a text cannot be a token or its hash; `names` are those of all tokens. */
export function flawOfToken(
  value: string,
  names: ReadonlySet<string>,
): TokenFlaw | undefined {
  if (value === "") return { message: "found an empty token", hint: GOOD };
  if (isHash(value)) return flawOfHash(value, names);
  if (/^Bearer\s/i.test(value)) {
    return {
      message: 'found a token with the word "Bearer" before it',
      hint: "write the token alone",
    };
  }
  if (/\s/.test(value)) {
    return { message: "found white space in a token", hint: GOOD };
  }
  if (!LEGAL_VALUE.test(value)) {
    return {
      message: "found a character in a token that is not visible ASCII, " +
        "or a comma or double quote",
      hint: GOOD,
    };
  }
  if (!names.has(value)) return undefined;
  return {
    message: "found a token that is also a token's name; names are in the log",
    hint: GOOD,
  };
}

function flawOfHash(
  text: string,
  names: ReadonlySet<string>,
): TokenFlaw | undefined {
  const digest = digestIn(text);
  if (digest === undefined) {
    return {
      message: 'found no SHA-256 after "sha256:"; 64 hexadecimal digits, or ' +
        "the same in base64, are wanted",
      hint: "mcp-front token hash makes one",
    };
  }
  if (digest === digestOf("")) {
    return { message: "found the hash of an empty token", hint: GOOD };
  }
  if (![...names].some((name) => digestOf(name) === digest)) return undefined;
  return {
    message: "found the hash of a token that is also a token's name; names " +
      "are in the log",
    hint: GOOD,
  };
}
