// The refusal of an HTTP method that a path does not have.

import { GatewayError } from "../errors.ts";

/** Names the methods that the path has (RFC 9110 § 15.5.6). */
export function methodNotAllowed(allowed: readonly string[]): GatewayError {
  const allow = allowed.join(", ");
  return new GatewayError("method_not_allowed", `Here one can ${allow} only`, {
    headers: { allow },
  });
}
