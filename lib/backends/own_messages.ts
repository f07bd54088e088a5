// What the gateway itself asks and tells.

import { randomUUID } from "node:crypto";
import { Envelope } from "../channel/envelope.ts";

/** A request whose id neither a client nor a server has used. */
export function ownRequest(
  method: string,
  params?: Record<string, unknown>,
): Envelope {
  const id = `mcp-front-${randomUUID()}`;
  const request = params ? { id, method, params } : { id, method };
  return Envelope.of({ jsonrpc: "2.0", ...request });
}

/** A notification that belongs to no request. */
export function ownNotice(
  method: string,
  params?: Record<string, unknown>,
): Envelope {
  const message = params ? { method, params } : { method };
  return Envelope.of({ jsonrpc: "2.0", ...message }).relating(null);
}
