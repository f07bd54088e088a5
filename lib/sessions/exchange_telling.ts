// How the answer of an exchange is told over HTTP.

import type { Envelope } from "../channel/envelope.ts";
import type { Fault, GatewayError } from "../errors.ts";
import { RPC_CODES } from "../protocol/messages.ts";
import { AS_USUAL } from "../transports/client/json_answer.ts";
import type { Telling } from "../transports/client/json_answer.ts";

/** The errors that have a status of their own (2026-07-28 `basic/transports/streamable-http` § Protocol Version Header, § Server Validation; `basic` § `_meta`). */
const STATUSES: ReadonlyMap<number, number> = new Map([
  [RPC_CODES.methodNotFound, 404],
  [RPC_CODES.headerMismatch, 400],
  [RPC_CODES.missingCapability, 400],
  [RPC_CODES.unsupportedRevision, 400],
]);

/** Faults that are no outcome of a request: nothing was done for it. */
const REFUSALS: ReadonlySet<Fault> = new Set([
  "too_many_sessions",
  "too_many_children",
  "overloaded",
  "shutting_down",
  "unsupported_revision",
  "insufficient_scope",
]);

/** How an answer is told; nothing in it was told before. */
export function tellingOf(answer: Envelope): Telling {
  if (!answer.head.failed) return AS_USUAL;
  const code = answer.message().error?.code;
  const status = STATUSES.get(code as number);
  return status === undefined ? AS_USUAL : { status, headers: {} };
}

/** Whether an error is told with its own status and headers. */
export function isRefusal({ fault }: GatewayError): boolean {
  return REFUSALS.has(fault);
}
