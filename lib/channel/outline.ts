// What routing needs to know of a large answer, read off its bytes: building what it holds would cost more than all else.

import { isUtf8 } from "node:buffer";
import type { RequestId } from "../protocol/messages.ts";
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

/** Shorter messages are parsed: that costs no more, and finds every mistake in them. */
export const OUTLINED_BYTES = 32 * 1024;

/** The outline of a response. */
export interface Outline {
  readonly id: RequestId;
  /** Whether it tells an error. */
  readonly failed: boolean;
}

const decoder = new TextDecoder();

/**
 * The outline of a JSON-RPC response in UTF-8. Nothing where it is something else, or nothing
 * that can be told without parsing it. Of what it holds, only strings and brackets are looked at.
 */
export function outlineOf(json: Uint8Array): Outline | undefined {
  const members = tryMembersOf(json);
  if (!members || members.has("method")) return undefined;
  const id = valueOf(json, members.get("id"));
  const isId = typeof id === "string" || Number.isSafeInteger(id);
  const isAnswer = members.has("result") || members.has("error");
  const isRpc = valueOf(json, members.get("jsonrpc")) === "2.0";
  if (!isId || !isAnswer || !isRpc || !isUtf8(json)) return undefined;
  return { id: id as RequestId, failed: !members.has("result") };
}

type Span = readonly [start: number, end: number];

function tryMembersOf(json: Uint8Array): Map<string, Span> | undefined {
  try {
    return membersOf(json);
  } catch {
    return undefined; // A name that is no string of JSON.
  }
}

/** The members of an object by their names, the last one of those that stand there twice; nothing where it is no object. */
function membersOf(json: Uint8Array): Map<string, Span> | undefined {
  const members = new Map<string, Span>();
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN_BRACE) return undefined;
  do {
    at = skipSpace(json, at + 1);
    if (json[at] !== QUOTE) return undefined;
    const endOfKey = endOfString(json, at);
    const key = keyAt(json, at, endOfKey);
    at = skipSpace(json, endOfKey);
    if (json[at] !== COLON) return undefined;
    const start = skipSpace(json, at + 1);
    const end = endOfValue(json, start);
    if (key !== undefined) members.set(key, [start, end]);
    at = skipSpace(json, end);
  } while (json[at] === COMMA);
  const isWhole = json[at] === CLOSE_BRACE &&
    skipSpace(json, at + 1) === json.length;
  return isWhole ? members : undefined;
}

/** A string or number; of anything else nothing is known. */
function valueOf(json: Uint8Array, span: Span | undefined): unknown {
  if (!span || span[1] - span[0] > OUTLINED_BYTES) return undefined;
  const first = json[span[0]];
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return undefined;
  try {
    return JSON.parse(decoder.decode(json.subarray(...span)));
  } catch {
    return undefined;
  }
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
