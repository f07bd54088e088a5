// The refusals of authentication, with their `WWW-Authenticate` challenge (RFC 6750 § 3).

import { GatewayError } from "../errors.ts";
import { momentText } from "../moment.ts";
import type { Decision, Principal } from "../principal.ts";

const REALM = 'Bearer realm="mcp-front"';

/** No credentials were sent: a bare challenge, without an error code (RFC 6750 § 3.1, last paragraph). */
export function unauthenticated(): GatewayError {
  return new GatewayError(
    "unauthenticated",
    "This gateway needs a bearer token",
    {
      hint: "Send the header Authorization: Bearer <token>",
      headers: { "www-authenticate": REALM },
    },
  );
}

/** The token is unknown, or may not be used here. */
export function invalidToken(description: string, hint: string): GatewayError {
  return refusal("invalid_token", "invalid_token", description, hint);
}

/** Nobody has this token. */
export function unknownToken(): GatewayError {
  return invalidToken(
    "The token is not known to this gateway",
    "Check for a typing error, or ask the operator for a token",
  );
}

/** The token was valid once. */
export function expiredToken(name: string, expires: Date): GatewayError {
  return refusal(
    "invalid_token",
    "invalid_token",
    `The token "${name}" has expired: it was valid until ${
      momentText(expires)
    }`,
    "Ask the operator for another token",
    // So that the log tells who has not moved to another one.
    { token_name: name },
  );
}

/** The token was taken out of the configuration. */
export function removedToken(name: string): GatewayError {
  return invalidToken(
    `The token "${name}" has been removed from the configuration`,
    "Ask the operator for another token",
  );
}

/** Another value has the name of the token. */
export function changedToken(name: string): GatewayError {
  return invalidToken(
    `The token "${name}" has been given another value in the configuration`,
    "Ask the operator for the new one",
  );
}

/** The credential is valid, but not for this; `what` follows the caller's name. Of static tokens `invalid_token`. */
export function notAllowed(
  caller: Principal,
  what: string,
  decision: Decision,
): GatewayError {
  const message = `The token "${caller.id}" ${what}`;
  return caller.refused?.(message, decision) ?? invalidToken(
    message,
    "Ask the operator to add the token's name to authTokens",
  );
}

/** The token was refused for `reason`, as were too many before it. */
export function tooManyWrongTokens(
  reason: GatewayError,
  waitMs: number,
): GatewayError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new GatewayError(
    "too_many_wrong_tokens",
    `${reason.message}; too many wrong tokens came from this address`,
    {
      hint: `Wait ${seconds} s. A valid token is let in at once`,
      headers: { "retry-after": String(seconds) },
    },
  );
}

/** The header is not one well-formed bearer credential. */
export function malformedCredentials(description: string): GatewayError {
  return refusal(
    "malformed_credentials",
    "invalid_request",
    description,
    "Send exactly one header Authorization: Bearer <token>",
  );
}

/** A challenge with an error code (RFC 6750 § 3); `more` are further parameters. */
export function challengeWith(
  code: string,
  description: string,
  more?: string,
): string {
  const challenge = `${REALM}, error="${code}", ` +
    `error_description="${quotable(description)}"`;
  return more === undefined ? challenge : `${challenge}, ${more}`;
}

function refusal(
  fault: "invalid_token" | "malformed_credentials",
  code: string,
  description: string,
  hint: string,
  fields?: Readonly<Record<string, unknown>>,
): GatewayError {
  const challenge = challengeWith(code, description);
  return new GatewayError(fault, description, {
    hint,
    headers: { "www-authenticate": challenge },
    fields,
  });
}

/** Only what RFC 6750 § 3 allows inside the quotes. */
function quotable(text: string): string {
  return text.replace(/"/g, "'").replace(
    /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g,
    "?",
  );
}
