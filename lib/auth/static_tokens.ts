// Named bearer tokens from the configuration file.

import { randomUUID } from "node:crypto";
import type { Principal } from "../principal.ts";
import { fingerprint } from "../secret.ts";
import type { Authenticator } from "./authenticator.ts";
import {
  expiredToken,
  invalidToken,
  malformedCredentials,
  unauthenticated,
} from "./challenge.ts";
import { Policy } from "./policy.ts";
import type { PolicyOptions } from "./policy.ts";
import { Expiries } from "./expiries.ts";
import { digestOf, hasExpired } from "./token.ts";
import type { Token } from "./token.ts";

/** Which tokens there are, and what each may do. */
export interface StaticTokensOptions extends PolicyOptions {
  /** By name. */
  readonly tokens: ReadonlyMap<string, Token>;
}

/** Visible ASCII but the comma, by which runtimes join two headers into one. */
const CREDENTIAL = /^[\x21-\x2b\x2d-\x7e]+$/;

/**
 * Looks bearer tokens up by the fingerprints of their SHA-256, in a time that depends neither on the token nor on
 * how many there are: who knows a hash that stands in the file knows no fingerprint.
 */
export function staticTokens(options: StaticTokensOptions): Authenticator {
  const credentials = [...options.tokens].map(([name, token]) =>
    credential(name, token, options)
  );
  const known = new Map(
    credentials.map((one) => [fingerprint(one.token.digest.reveal()), one]),
  );
  const expiries = new Expiries(
    credentials.flatMap(({ principal: { id }, token: { expires }, revoking }) =>
      expires === undefined ? [] : [{
        at: expires.getTime(),
        end: () => revoking.abort(expiredToken(id, expires)),
      }]
    ),
  );
  return {
    authenticate: (headers) => find(bearerToken(headers), known),
    close: () => expiries.close(),
  };
}

/** The credential of the request (RFC 6750 § 2.1; the scheme in any case, RFC 9110 § 11.1). */
function bearerToken(headers: Headers): string {
  const header = headers.get("authorization");
  if (header === null || header === "") throw unauthenticated();
  const scheme = /^[^\s,]*/.exec(header)?.[0] ?? "";
  if (scheme.toLowerCase() !== "bearer") throw unauthenticated();
  if (header.includes(",")) {
    throw malformedCredentials("More than one credential was sent");
  }
  const token = header.slice(scheme.length + 1);
  const oneSpace = header[scheme.length] === " ";
  if (oneSpace && CREDENTIAL.test(token)) return token;
  throw malformedCredentials(
    "After the word Bearer come exactly one space and the token, and nothing else",
  );
}

function find(
  token: string,
  known: ReadonlyMap<string, Credential>,
): Principal {
  const found = known.get(fingerprint(digestOf(token)));
  if (found === undefined) {
    throw invalidToken(
      "The token is not known to this gateway",
      "Check for a typing error, or ask the operator for a token",
    );
  }
  const { principal, token: { expires } } = found;
  if (expires === undefined || !hasExpired(found.token)) return principal;
  throw expiredToken(principal.id, expires);
}

/** A token, and who has it. */
interface Credential {
  readonly token: Token;
  readonly principal: Principal;
  readonly revoking: AbortController;
}

function credential(
  name: string,
  token: Token,
  options: PolicyOptions,
): Credential {
  const policy = new Policy(name, options);
  const revoking = new AbortController();
  const principal: Principal = {
    id: name,
    generation: randomUUID(),
    revoked: revoking.signal,
    allows: (capability) => policy.allows(capability),
    restricted: (server) => policy.restricted(server),
  };
  return { token, principal, revoking };
}
