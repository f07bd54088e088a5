// The JSON-RPC 2.0 vocabulary that MCP is spoken in: shapes only, no behaviour.

/** The id of a request (JSON-RPC 2.0 § 4; MCP allows no `null`); a `bigint` where a `number` would be rounded. */
export type RequestId = string | number | bigint;

/** What a message is. An answer is a `response`, also when it is an error. */
export type MessageKind = "request" | "notification" | "response";

/** The `error` member of a response (JSON-RPC 2.0 § 5.1). */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Any one JSON-RPC message, parsed. Members not named here are kept as they came. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: RequestId | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: RpcError;
  readonly [member: string]: unknown;
}

/** JSON-RPC error codes that the gateway itself answers with (JSON-RPC 2.0 § 5.1; below -32019: 2026-07-28 `basic` § Error Codes). */
export const RPC_CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  /** What MCP servers answer to an unknown tool, too. */
  invalidParams: -32602,
  internalError: -32603,
  /** What SDK servers answer to an HTTP request they cannot place. */
  serverError: -32000,
  /** What SDK servers answer to an unknown session. */
  sessionNotFound: -32001,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedRevision: -32022,
} as const;

/** A key for maps of requests: `1` and `"1"` are different ids. */
export function idKey(id: RequestId): string {
  return typeof id === "string" ? `s${id}` : `n${id}`;
}
