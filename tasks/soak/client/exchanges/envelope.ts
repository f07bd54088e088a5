// What a request of the modern era says of itself, and what its headers repeat of it.

import type { Heard } from "../pending_calls.ts";

/** The revision (2026-07-28 `basic` § `_meta`). */
export const REVISION = "2026-07-28";

/** The members of `_meta`. */
export const META = {
  revision: "io.modelcontextprotocol/protocolVersion",
  client: "io.modelcontextprotocol/clientInfo",
  capabilities: "io.modelcontextprotocol/clientCapabilities",
  level: "io.modelcontextprotocol/logLevel",
  server: "io.modelcontextprotocol/serverInfo",
  subscription: "io.modelcontextprotocol/subscriptionId",
} as const;

const RESULT_TYPES: readonly unknown[] = ["complete", "input_required"];

/** A request with all that belongs to it. */
export interface Described extends Heard {
  readonly id: string | number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The same request, described; `_meta` that it has already is kept. */
export function described(
  { id, method, params }: Heard,
  client: string,
  capabilities: object,
): Described {
  const _meta = {
    [META.revision]: REVISION,
    [META.client]: { name: client, version: "1" },
    [META.capabilities]: capabilities,
    [META.level]: "info",
    ...(params?._meta as object | undefined),
  };
  return {
    ...{ jsonrpc: "2.0" },
    id: id as string | number,
    method: method as string,
    params: { ...params, _meta },
  };
}

/** The headers that repeat what a request says (2026-07-28 `basic/transports/streamable-http` § Standard Request Headers). */
export function repeating(
  { method, params }: Pick<Described, "method" | "params">,
): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": REVISION,
    "mcp-method": method,
  };
  if (method === "tools/call") headers["mcp-name"] = String(params.name);
  return headers;
}

/** What the server of a result calls itself. */
export function serverOf(result: unknown): string | undefined {
  const { _meta } = result as { _meta?: Record<string, { name?: string }> };
  return _meta?.[META.server]?.name;
}

/** What is wrong with a result, whatever it is of: each says its type, and whose it is (2026-07-28 `basic` § ResultType, § Per-response protocol fields). */
export function wrongInResult(
  result: unknown,
  server: string,
): string | undefined {
  const { resultType } = result as { resultType?: unknown };
  if (!RESULT_TYPES.includes(resultType)) {
    return `a result of the type ${resultType}`;
  }
  const found = serverOf(result);
  return found === server ? undefined : `a result of the server ${found}`;
}
