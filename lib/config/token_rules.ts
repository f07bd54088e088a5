// What the value of a token may be.

/** What is wrong with a token, without showing it. */
export interface TokenFlaw {
  readonly message: string;
  readonly hint?: string;
}

/** A shorter token can be used, with a warning. */
export const MIN_SAFE_TOKEN_LENGTH = 16;

/**
 * Visible ASCII without comma and double quote. RFC 6750 § 2.1 has fewer characters (b64token), but tokens with
 * others are in use; these two would make two credentials of one when headers are joined (RFC 9110 § 5.3).
 */
export const LEGAL_VALUE = /^[\x21\x23-\x2b\x2d-\x7e]*$/;

/** Why a text cannot be a token; `names` are those of all tokens. */
export function flawOfToken(
  value: string,
  names: ReadonlySet<string>,
): TokenFlaw | undefined {
  if (value === "") return { message: "found an empty token" };
  if (/^Bearer\s/i.test(value)) {
    return {
      message: 'found a token with the word "Bearer" before it',
      hint: "write the token alone",
    };
  }
  if (/\s/.test(value)) return { message: "found white space in a token" };
  if (!LEGAL_VALUE.test(value)) {
    return {
      message: "found a character in a token that is not visible ASCII, " +
        "or a comma or double quote",
      hint: "openssl rand -base64 32 makes a good one",
    };
  }
  if (!names.has(value)) return undefined;
  return {
    message: "found a token that is also a token's name; names are in the log",
  };
}
