// The sign that a server is not of the modern era.

import { GatewayError } from "../errors.ts";
import type { GatewayErrorOptions } from "../errors.ts";

/**
 * `backend_protocol`: the server has refused a request unread, in a way that no server of the
 * modern era does (2026-07-28 `basic/versioning` § Backward Compatibility).
 */
export class NotModern extends GatewayError {
  /** That it ended, which may also have had another reason. */
  readonly death?: GatewayError;

  /** `message` as in `GatewayError`. */
  constructor(
    message: string,
    options: GatewayErrorOptions = {},
    death?: GatewayError,
  ) {
    super("backend_protocol", message, options);
    this.death = death;
  }
}
