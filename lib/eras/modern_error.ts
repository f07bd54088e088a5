// How a fault of the gateway is told to a client of the modern era.

import type { GatewayError } from "../errors.ts";
import { RPC_CODES } from "../protocol/messages.ts";

/** Codes that new implementations are not to use (2026-07-28 `basic` § Error Codes). */
const FIRST_LEGACY_CODE = -32019;
const LAST_LEGACY_CODE = -32000;

/** The same error with a code that this era has; `unsupported_revision` keeps its own, which tells that there is no such era here. */
export function modernError(error: GatewayError): GatewayError {
  const { code, fault } = error;
  const isLegacy = code >= FIRST_LEGACY_CODE && code <= LAST_LEGACY_CODE;
  return isLegacy && fault !== "unsupported_revision"
    ? error.withCode(RPC_CODES.internalError)
    : error;
}
