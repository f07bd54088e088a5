// The parts of JSON text, one level of it at a time: of what they hold, only strings and brackets are looked at.

import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endOfString,
  endOfWord,
  keyAt,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from "./json_bytes.ts";

/** From the first byte of a value to behind the last. */
export type Span = readonly [start: number, end: number];

/**
 * The members of an object by their names, the last one of those that stand there twice; those
 * with very long names are left out. Nothing where the text as a whole is no object.
 */
export function membersOf(json: Uint8Array): Map<string, Span> | undefined {
  const entries = entriesOf(json);
  if (!entries) return undefined;
  const members = new Map<string, Span>();
  for (const { name, value } of entries) {
    if (name !== undefined) members.set(name, value);
  }
  return members;
}

/** One member of an object where it stands. */
export interface Entry {
  /** Nothing where it is very long. */
  readonly name?: string;
  /** The place of the first byte of its name. */
  readonly start: number;
  readonly value: Span;
}

/** All members of an object in their order, also those that stand there twice. Nothing where the text as a whole is no object. */
export function entriesOf(json: Uint8Array): Entry[] | undefined {
  try {
    return tryEntriesOf(json);
  } catch {
    return undefined; // A name that is no string of JSON.
  }
}

/** The items of an array, in their order. Nothing where the text as a whole is no array. */
export function itemsOf(json: Uint8Array): Span[] | undefined {
  const items: Span[] = [];
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN_BRACKET) return undefined;
  at = skipSpace(json, at + 1);
  if (json[at] === CLOSE_BRACKET) return items;
  while (at < json.length) {
    const end = endOfValue(json, at);
    items.push([at, end]);
    at = skipSpace(json, end);
    if (json[at] !== COMMA) break;
    at = skipSpace(json, at + 1);
  }
  return json[at] === CLOSE_BRACKET ? items : undefined;
}

function tryEntriesOf(json: Uint8Array): Entry[] | undefined {
  const entries: Entry[] = [];
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN_BRACE) return undefined;
  at = skipSpace(json, at + 1);
  if (json[at] === CLOSE_BRACE) return isEnd(json, at) ? entries : undefined;
  for (;;) {
    if (json[at] !== QUOTE) return undefined;
    const start = at;
    const endOfKey = endOfString(json, at);
    const name = keyAt(json, at, endOfKey);
    at = skipSpace(json, endOfKey);
    if (json[at] !== COLON) return undefined;
    const begin = skipSpace(json, at + 1);
    const end = endOfValue(json, begin);
    entries.push({ name, start, value: [begin, end] });
    at = skipSpace(json, end);
    if (json[at] !== COMMA) break;
    at = skipSpace(json, at + 1);
  }
  return json[at] === CLOSE_BRACE && isEnd(json, at) ? entries : undefined;
}

function isEnd(json: Uint8Array, at: number): boolean {
  return skipSpace(json, at + 1) === json.length;
}

function endOfValue(json: Uint8Array, start: number): number {
  const first = json[start];
  if (first === QUOTE) return endOfString(json, start);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    return endOfWord(json, start);
  }
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) return at + 1;
    }
  }
  return json.length;
}

function skipSpace(json: Uint8Array, from: number): number {
  let at = from;
  while (at < json.length && (json[at] as number) <= SPACE) at++;
  return at;
}
