// What a POST of the modern era says of its body in its headers.

import type { Envelope } from "../../channel/envelope.ts";
import { HEADERS } from "../../protocol/headers.ts";
import { encodedFieldValue } from "../../protocol/field_value.ts";
import { META } from "../../protocol/meta.ts";

/** The methods whose subject stands in `Mcp-Name`, with the parameter that names it; those of tasks are of that extension. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);

/**
 * The headers of one message, from the body as it is sent (2026-07-28
 * `basic/transports/streamable-http` § Request Metadata). What cannot stand in one is left
 * out: then the server says what is wrong.
 */
export function modernHeaders(envelope: Envelope): Record<string, string> {
  const { method = "", params } = envelope.message();
  const headers: Record<string, string> = {};
  const meta = params?._meta as Record<string, unknown> | null | undefined;
  set(headers, HEADERS.protocolVersion, meta?.[META.protocolVersion]);
  if (envelope.head.kind !== "request") return headers;
  set(headers, HEADERS.method, method);
  const name = params?.[NAMED_BY.get(method) ?? ""];
  if (typeof name === "string") headers[HEADERS.name] = encodedFieldValue(name);
  return headers;
}

function set(
  headers: Record<string, string>,
  name: string,
  value: unknown,
): void {
  if (typeof value === "string" && encodedFieldValue(value) === value) {
    headers[name] = value;
  }
}
