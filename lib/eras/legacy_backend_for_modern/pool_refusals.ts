// Why there is no session for a request of a modern client, or not any more.

import { GatewayError, RETRY_LATER, RETRY_SOON } from "../../errors.ts";
import type { Principal } from "../../principal.ts";

const HINT = "Wait for answers before sending more";

/** What clients of one token can do is too different to have sessions for all of it. */
export function tooManySides({ id }: Principal, most: number): GatewayError {
  return new GatewayError(
    "overloaded",
    `Requests of the token "${id}" under way at this server come from ` +
      `${most} clients that can do different things`,
    { hint: HINT, headers: RETRY_SOON },
  );
}

/** Every session is in use, and none has become free in time. */
export function allBusy(name: string): GatewayError {
  return new GatewayError(
    "overloaded",
    `All sessions with server "${name}" are in use`,
    { hint: HINT, headers: RETRY_SOON },
  );
}

/** A limit of the configuration leaves no room for another session. */
export function tooManySessions(
  name: string,
  limit: "sessions" | "sessionsPerToken",
  most: number,
): GatewayError {
  return new GatewayError(
    "too_many_sessions",
    `There are ${most} sessions with server "${name}", which is the limit`,
    {
      hint: `${HINT}, or raise proxy.limits.${limit}`,
      headers: RETRY_LATER,
      fields: { limit },
    },
  );
}

/** An unused session has made room for another one. */
export function replaced(): GatewayError {
  return new GatewayError("client_gone", "Another client needs the session");
}
