// What routing needs to know of a large answer, read off its bytes: building what it holds would cost more than all else.

import { isUtf8 } from "node:buffer";
import type { RequestId } from "../protocol/messages.ts";
import { OPEN_BRACE, OPEN_BRACKET } from "./json_bytes.ts";
import { membersOf } from "./json_parts.ts";
import type { Span } from "./json_parts.ts";

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
  const members = membersOf(json);
  if (!members || members.has("method")) return undefined;
  const id = valueOf(json, members.get("id"));
  const isId = typeof id === "string" || Number.isSafeInteger(id);
  const isAnswer = members.has("result") || members.has("error");
  const isRpc = valueOf(json, members.get("jsonrpc")) === "2.0";
  if (!isId || !isAnswer || !isRpc || !isUtf8(json)) return undefined;
  return { id: id as RequestId, failed: !members.has("result") };
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
