// Cuts a JSON-RPC batch into its messages, each with the bytes it arrived as.

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const SPACE = 32;

/** Whether JSON text is an array: its first byte that is not white space says so. */
export function isJsonArray(json: Uint8Array): boolean {
  let at = 0;
  while ((json[at] ?? OPEN_BRACE) <= SPACE) at++;
  return json[at] === OPEN_BRACKET;
}

/**
 * The elements of a top-level JSON array, as slices of `json` without the white
 * space around them. `json` must have been parsed before: what is not valid JSON
 * gives slices that mean nothing.
 */
export function splitBatch(json: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
    } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      if (++depth === 1) start = at + 1;
    } else if (byte === COMMA && depth === 1) {
      elements.push(trim(json.subarray(start, at)));
      start = at + 1;
    } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
      if (--depth > 0) continue;
      const last = trim(json.subarray(start, at));
      if (last.length > 0) elements.push(last);
      return elements;
    }
  }
  return elements;
}

/** The place of the quote that ends the string begun at `start`. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) {
    at += json[at] === BACKSLASH ? 2 : 1;
  }
  return at;
}

function trim(json: Uint8Array): Uint8Array {
  let [start, end] = [0, json.length];
  while (start < end && (json[start] ?? 0) <= SPACE) start++;
  while (end > start && (json[end - 1] ?? 0) <= SPACE) end--;
  return json.subarray(start, end);
}
