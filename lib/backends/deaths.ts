// What is said of the death of a backend: to the log, and to who asks it too soon after.

import { GatewayError } from "../errors.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import type { Log } from "../telemetry/log.ts";

/** Tells the log of a death. */
export function logDeath(log: Log, reason: GatewayError): void {
  const { fault, summary, fields, cause } = reason;
  const about = { fault, reason: summary, ...fields };
  if (fault !== "internal") return log.warn("Backend failed", about);
  log.error("Backend failed", { ...about, ...errorFields(cause) });
}

/** The refusal of a request while a backend that has died is not to be started for another `waitMs`. */
export function notYet(death: GatewayError, waitMs: number): GatewayError {
  const { fault, message, hint } = death;
  const waitS = Math.max(1, Math.ceil(waitMs / 1_000));
  const retry = `Nothing was sent. Try again in ${waitS} s`;
  const hints = hint === undefined ? retry : `${hint}. ${retry}`;
  return new GatewayError(fault, message, { hint: hints });
}
