// What a tool of a modern server gave, as a client of the initialize era can take it.

import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import { WRAPPED } from "./output_schema.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const EMPTY = encoder.encode("{}");
const OPEN_BRACE = 123;

/**
 * The members of a result that have to be others. `structuredContent` that is no object, or whose
 * schema may describe one that is none, is wrapped (2025-11-25 `server/tools` § Structured
 * Content wants an object); and who knows only `content` finds it there as text.
 */
export function toolResultChanges(
  result: Uint8Array,
  wraps: boolean,
): MemberChanges {
  const structured = memberOf(result, "structuredContent");
  const content = memberOf(result, "content");
  if (!structured) return content ? {} : { content: "[]" };
  const isObject = structured[0] === OPEN_BRACE;
  return {
    ...((!content || !isObject) && {
      content: withText(content, structured),
    }),
    ...((wraps || !isObject) && {
      structuredContent: withMembers(EMPTY, { [WRAPPED]: structured }),
    }),
  };
}

/** The same content where it has a text, else with one behind it. */
function withText(
  content: Uint8Array | undefined,
  structured: Uint8Array,
): string {
  const found: unknown = content ? JSON.parse(decoder.decode(content)) : [];
  const items = Array.isArray(found) ? found : [];
  const hasText = items.some((item) => item?.type === "text");
  const text = { type: "text", text: decoder.decode(structured) };
  return JSON.stringify(hasText ? items : [...items, text]);
}
