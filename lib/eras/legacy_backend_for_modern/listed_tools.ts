// The tools in an answer to `tools/list`, and what their schemas say of headers.

import { Buffer } from "node:buffer";
import { Envelope } from "../../channel/envelope.ts";
import { joined } from "../../channel/joined.ts";
import { itemsOf } from "../../channel/json_parts.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import { objectIn } from "./bridged_request.ts";
import { HEADER_KEYWORD, mirroredParameters } from "./mirrored_parameters.ts";

/** A tool as it is listed. */
export type ListedTool = Readonly<Record<string, unknown>>;

/** Whether any tool may have arguments that headers repeat; hardly one does. */
export function mentionsHeaders(
  { bytes: { buffer, byteOffset, length } }: Envelope,
): boolean {
  return Buffer.from(buffer, byteOffset, length).includes(HEADER_KEYWORD);
}

/** The tools of an answer. */
export function listedTools(answer: Envelope): ListedTool[] {
  const { tools } = objectIn(answer.message().result);
  return Array.isArray(tools) ? tools.map(objectIn) : [];
}

/** The name by which the log may call a tool. */
export type OnInvalid = (tool: unknown) => void;

/**
 * The same answer with tools that a client does not have to leave out: where a schema names headers in a
 * way that is not allowed, it names none (2026-07-28 `basic/transports/streamable-http` § Schema Extension).
 */
export function withValidHeaders(
  answer: Envelope,
  onInvalid: OnInvalid,
): Envelope {
  if (answer.head.failed || !mentionsHeaders(answer)) return answer;
  const tools = listedTools(answer);
  const isInvalid = tools.map(({ inputSchema }) =>
    mirroredParameters(inputSchema) === undefined
  );
  if (!isInvalid.includes(true)) return answer;
  const result = memberOf(answer.bytes, "result") as Uint8Array;
  const list = memberOf(result, "tools") as Uint8Array;
  const items = (itemsOf(list) ?? []).map((span, at) => {
    if (!isInvalid[at]) return list.subarray(...span);
    onInvalid(tools[at]?.name);
    return encoder.encode(JSON.stringify(tools[at], leaveOut));
  });
  const json = withMembers(answer.bytes, {
    result: withMembers(result, { tools: arrayOf(items) }),
  });
  return Envelope.skim(json as Uint8Array, answer.relatesTo);
}

const encoder = new TextEncoder();
const OPEN = encoder.encode("[");
const CLOSE = encoder.encode("]");
const COMMA = encoder.encode(",");

/** A property of this name has a schema, which is an object. */
function leaveOut(keyword: string, value: unknown): unknown {
  const isKeyword = keyword === HEADER_KEYWORD && typeof value !== "object";
  return isKeyword ? undefined : value;
}

function arrayOf(items: readonly Uint8Array[]): Uint8Array {
  const parts = items.flatMap((item, at) => at === 0 ? [item] : [COMMA, item]);
  return joined([OPEN, ...parts, CLOSE]);
}
