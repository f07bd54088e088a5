// Finds single members of a message in its bytes, without building what else it holds.

import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endOfString,
  endOfWord,
  isKey,
  keyAt,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from "./json_bytes.ts";

/** Where a member stands, such as `["params", "_meta", "progressToken"]`. */
export type MemberPath = readonly string[];

/** The value of a member in JSON text: from the first byte to behind the last. */
export interface Place {
  readonly path: MemberPath;
  readonly start: number;
  readonly end: number;
}

const decoder = new TextDecoder();

/** The JSON text of a member that is a string or a number, as it came; of one that stands there twice, the one that counts. */
export function memberText(
  json: Uint8Array,
  path: MemberPath,
): string | undefined {
  const last = memberPlaces(json, [path]).at(-1);
  return last && decoder.decode(json.subarray(last.start, last.end));
}

/**
 * Where members stand whose values are strings, numbers, `true`, `false` or `null`, in
 * valid JSON; one may stand there twice. One pass, whatever a peer nests how deep.
 */
export function memberPlaces(
  json: Uint8Array,
  paths: readonly MemberPath[],
): Place[] {
  const maxDepth = Math.max(...paths.map((path) => path.length));
  const found: Place[] = [];
  /** The key that was read last on each level; none within an array. */
  const keys: (string | undefined)[] = [];
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth < maxDepth) keys[depth] = undefined;
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--;
    } else if (byte > SPACE && byte !== COMMA && byte !== COLON) {
      const end = byte === QUOTE ? endOfString(json, at) : endOfWord(json, at);
      if (depth <= maxDepth) {
        if (byte === QUOTE && isKey(json, end)) {
          keys[depth - 1] = keyAt(json, at, end);
        } else {
          const path = paths.find((path) => leadsHere(path, keys, depth));
          if (path) found.push({ path, start: at, end });
        }
      }
      at = end - 1;
    }
  }
  return found;
}

function leadsHere(
  path: MemberPath,
  keys: readonly (string | undefined)[],
  depth: number,
): boolean {
  return path.length === depth && path.every((key, at) => keys[at] === key);
}
