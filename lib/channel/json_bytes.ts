// The ends of things in the bytes of JSON text.

/** The bytes that give JSON text its structure (RFC 8259 § 2). */
export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_BRACKET = 91;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;
/** What is not above it is white space, outside of strings. */
export const SPACE = 32;
const BACKSLASH = 92;
/** A longer key is none of those that are looked for, also when every letter is escaped. */
const MAX_KEY_BYTES = 128;

const decoder = new TextDecoder();

/** The key that stands between two places, with its quotes; nothing for a very long one. Throws where it is no JSON. */
export function keyAt(
  json: Uint8Array,
  start: number,
  end: number,
): string | undefined {
  if (end - start > MAX_KEY_BYTES) return undefined;
  return JSON.parse(decoder.decode(json.subarray(start, end)));
}

/** The place behind the quote that ends the string begun at `start`. */
export function endOfString(json: Uint8Array, start: number): number {
  let end = json.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1);
  return end === -1 ? json.length : end + 1;
}

function isEscaped(json: Uint8Array, at: number): boolean {
  let start = at;
  while (json[start - 1] === BACKSLASH) start--;
  return (at - start) % 2 === 1;
}

/** The place behind a number, `true`, `false` or `null`. */
export function endOfWord(json: Uint8Array, start: number): number {
  let end = start;
  while (end < json.length && isOfWord(json[end] as number)) end++;
  return end;
}

function isOfWord(byte: number): boolean {
  return byte > SPACE && byte !== COMMA && byte !== CLOSE_BRACE &&
    byte !== CLOSE_BRACKET;
}

/** Whether the string that ends before `end` is a key: a colon follows, in valid JSON nowhere else. */
export function isKey(json: Uint8Array, end: number): boolean {
  let at = end;
  while ((json[at] ?? COMMA) <= SPACE) at++;
  return json[at] === COLON;
}
