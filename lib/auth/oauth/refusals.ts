// The refusals of callers with access tokens, and the challenges that tell clients what to ask their authorization server for.

import { GatewayError } from "../../errors.ts";
import type { GatewayErrorOptions } from "../../errors.ts";
import { challengeWith, invalidToken } from "../challenge.ts";
import type { Door } from "./doors.ts";

/** The token is not one that is taken here; `why` follows "The access token". */
export function invalidAccessToken(why: string): GatewayError {
  return invalidToken(
    `The access token ${why}`,
    "Get another one from the authorization server for this address",
  );
}

/** The token was valid, and its time is over. */
export function expiredAccessToken(): GatewayError {
  const { message, hint, headers } = invalidAccessToken("has expired");
  return new GatewayError("expired_token", message, { hint, headers });
}

/** The same refusal with where to find out about the authorization server (RFC 9728 § 5.1), and which scopes to ask it for. */
export function announced(error: GatewayError, door: Door): GatewayError {
  const challenge = error.headers["www-authenticate"];
  if (error.status !== 401 || challenge === undefined) return error;
  const more = parameters(door.scopes, door);
  return error.withHeaders({ "www-authenticate": `${challenge}, ${more}` });
}

/** More scopes are needed (RFC 6750 § 3.1); `scopes` are all that the next token should have. */
export function insufficientScope(
  message: string,
  scopes: readonly string[],
  door: Door,
  options: GatewayErrorOptions = {},
): GatewayError {
  const scope = scopes.join(" ");
  return new GatewayError("insufficient_scope", message, {
    ...options,
    hint:
      `Ask the authorization server for a token with these scopes: ${scope}`,
    headers: {
      "www-authenticate": challengeWith(
        "insufficient_scope",
        message,
        parameters(scopes, door),
      ),
    },
    data: { scope },
  });
}

/** No other token of this caller would do. */
export function accessDenied(
  message: string,
  options: GatewayErrorOptions = {},
): GatewayError {
  return new GatewayError("access_denied", message, {
    hint: "Ask the operator: no other scope would open it",
    ...options,
  });
}

function parameters(scopes: readonly string[], { metadata }: Door): string {
  const resource = `resource_metadata="${metadata}"`;
  const plain = scopes.filter((scope) => SCOPE_TOKEN.test(scope));
  return plain.length === 0
    ? resource
    : `scope="${plain.join(" ")}", ${resource}`;
}

/** RFC 6749 § 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
