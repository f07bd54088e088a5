// The loss of a conversation that leaves one request provably not run.

import { GatewayError } from "../errors.ts";
import type { GatewayErrorOptions } from "../errors.ts";
import type { RequestId } from "../protocol/messages.ts";

/**
 * `backend_unavailable`: the backend knows the session no more (S1125 `basic/transports`
 * § Session Management 4; over HTTP+SSE servers say it with the same 404).
 */
export class SessionLost extends GatewayError {
  /** The request that the backend refused unread when it said so: to send it again in another session runs it once. */
  readonly refused?: RequestId;

  /** `message` as in `GatewayError`. */
  constructor(
    message: string,
    options: GatewayErrorOptions = {},
    refused?: RequestId,
  ) {
    super("backend_unavailable", message, options);
    this.refused = refused;
  }
}
