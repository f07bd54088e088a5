// What the log says of a request that failed at the server, or on the way to it.

import type { GatewayError } from "../errors.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import type { Log } from "../telemetry/log.ts";

/** One line; an error where it is the gateway's own fault. */
export function logFailure(failure: GatewayError, log: Log): void {
  const { fault, summary: reason, cause } = failure;
  const fields = { fault, reason, ...failure.fields };
  if (fault !== "internal") return log.warn("Backend request failed", fields);
  log.error("Backend request failed", { ...fields, ...errorFields(cause) });
}
