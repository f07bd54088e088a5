// Named bearer tokens from the configuration file.

import type { Principal } from "../principal.ts";
import { fingerprint } from "../secret.ts";
import type { Authenticator } from "./authenticator.ts";
import {
  changedToken,
  expiredToken,
  malformedCredentials,
  removedToken,
  unauthenticated,
  unknownToken,
} from "./challenge.ts";
import { Policy } from "./policy.ts";
import type { PolicyOptions } from "./policy.ts";
import { Expiries } from "./expiries.ts";
import { digestOf, hasExpired } from "./token.ts";
import type { Token } from "./token.ts";
import { TokenPrincipal } from "./token_principal.ts";

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
export class StaticTokens implements Authenticator {
  #known: ReadonlyMap<string, Credential> = new Map();
  #expiries?: Expiries;

  constructor(options: StaticTokensOptions) {
    this.replace(options);
  }

  authenticate(headers: Headers): Principal {
    const found = this.find(bearerToken(headers));
    if (found === undefined) throw unknownToken();
    return found;
  }

  /** Whose token it is; nothing where it is not known. Throws `invalid_token` where its time is over. */
  find(token: string): Principal | undefined {
    const found = this.#known.get(fingerprint(digestOf(token)));
    if (found === undefined) return undefined;
    const { principal, token: { expires } } = found;
    if (expires === undefined || !hasExpired(found.token)) return principal;
    throw expiredToken(principal.id, expires);
  }

  /**
   * From now on there are these tokens, with these rights. Whoever has one with the same name and value as before
   * goes on, by the new rules; the others are revoked.
   */
  replace(options: StaticTokensOptions): void {
    const before = this.#known;
    this.#known = new Map(
      [...options.tokens].map(([name, token]) => {
        const key = fingerprint(token.digest.reveal());
        return [key, credential(name, token, options, before.get(key))];
      }),
    );
    this.#revokeOf(before, options.tokens);
    this.#expiries?.close();
    this.#expiries = expiriesOf(this.#known.values());
  }

  /** Tells who watches a principal that the policy or the servers may have changed. */
  tellChange(): void {
    for (const { principal } of this.#known.values()) principal.tellChange();
  }

  close(): void {
    this.#expiries?.close();
  }

  /** Ends those that nobody has any more. */
  #revokeOf(
    before: ReadonlyMap<string, Credential>,
    tokens: ReadonlyMap<string, Token>,
  ): void {
    const kept = new Set([...this.#known.values()].map((one) => one.principal));
    for (const { principal } of before.values()) {
      if (kept.has(principal)) continue;
      const { id } = principal;
      principal.revoke(tokens.has(id) ? changedToken(id) : removedToken(id));
    }
  }
}

/** A token, and who has it. */
interface Credential {
  readonly token: Token;
  readonly principal: TokenPrincipal;
}

function credential(
  name: string,
  token: Token,
  options: PolicyOptions,
  before: Credential | undefined,
): Credential {
  const policy = new Policy(name, options);
  const known = before?.principal;
  if (known?.id !== name || known.revoked.aborted) {
    return { token, principal: new TokenPrincipal(name, policy) };
  }
  known.follow(policy);
  return { token, principal: known };
}

function expiriesOf(credentials: Iterable<Credential>): Expiries {
  const ending = [...credentials].flatMap(
    ({ principal, token: { expires } }) =>
      expires === undefined ? [] : [{
        at: expires.getTime(),
        end: () => principal.revoke(expiredToken(principal.id, expires)),
      }],
  );
  return new Expiries(ending);
}

/** The credential of a request (RFC 6750 § 2.1; the scheme in any case, RFC 9110 § 11.1). */
export function bearerToken(headers: Headers): string {
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
