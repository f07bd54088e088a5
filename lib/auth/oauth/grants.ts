// What an access token grants: whose it is, its scopes, its groups, its domain.

import { fingerprint } from "../../secret.ts";
import { textIn, textsIn } from "./claims.ts";
import type { Claims } from "./claims.ts";
import type { FullScopes } from "./full_scopes.ts";
import type { CallerRules } from "./options.ts";

/** What policies know of a token. */
export interface Grants {
  /** In the order of the token. */
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  /** Whether its verified e-mail address is of one of `allowedDomains`, where there are any. */
  readonly isOfDomain: boolean;
}

/** Whom a token was issued to. */
export interface Holder {
  /** For the log: printable, bounded, and the same for the same subject and client. */
  readonly id: string;
  /** By which owners of sessions are told apart, also where their ids look alike. */
  readonly generation: string;
}

/** The names of the claim that tells the client: RFC 9068, OpenID Connect, older Entra tokens. */
const CLIENT_CLAIMS = ["client_id", "azp", "appid"] as const;

/** The longest subject or client in an id, in characters. */
const MAX_NAME_CHARS = 64;

/** By which the grants of a token are read. */
export interface GrantRules {
  readonly options: Pick<CallerRules, "groupsClaim" | "allowedDomains">;
  readonly fullScopes: FullScopes;
}

/** Reads the grants of a valid token. */
export function grantsIn(
  claims: Claims,
  { options: { groupsClaim, allowedDomains }, fullScopes }: GrantRules,
): Grants {
  return {
    scopes: scopesIn(claims)
      .flatMap((scope) => fullScopes.get(scope) ?? [scope]),
    groups: textsIn(memberAt(claims, groupsClaim)),
    isOfDomain: allowedDomains.length === 0 ||
      allowedDomains.includes(domainIn(claims) ?? ""),
  };
}

/** Whose a valid token is. */
export function holderOf(claims: Claims, issuer: string): Holder {
  const subject = textIn(claims, "sub") ?? "";
  const client = CLIENT_CLAIMS.map((name) => textIn(claims, name))
    .find((name) => name !== undefined) ?? "";
  return {
    id: `oauth:${printable(subject)}/${printable(client)}`,
    generation: fingerprint(JSON.stringify([issuer, subject, client])),
  };
}

/** A text that differs where grants do, whatever their order. */
export function grantsText({ scopes, groups, isOfDomain }: Grants): string {
  const sorted = (texts: readonly string[]) => [...new Set(texts)].sort();
  return JSON.stringify([sorted(scopes), sorted(groups), isOfDomain]);
}

/** `scope` is one text (RFC 9068 § 2.2.3); `scp` is what Entra and Okta have in its place, a text or a list. */
function scopesIn(claims: Claims): readonly string[] {
  const all = [...textsIn(claims.scope), ...textsIn(claims.scp)];
  const words = all.flatMap((text) => text.split(" "));
  return [...new Set(words)].filter((word) => word !== "");
}

function memberAt(claims: Claims, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const name of path) {
    const isObject = typeof value === "object" && value !== null &&
      Object.hasOwn(value, name);
    if (!isObject) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** Of a verified address alone (OpenID Connect Core § 5.1); some issuers write the word instead of the boolean. */
function domainIn(claims: Claims): string | undefined {
  const { email_verified: verified } = claims;
  if (verified !== true && verified !== "true") return undefined;
  const parts = textIn(claims, "email")?.split("@") ?? [];
  return parts.length === 2 && parts[0] !== ""
    ? parts[1]?.toLowerCase()
    : undefined;
}

function printable(name: string): string {
  const plain = name.replace(/[^\x21-\x7e]/g, "?");
  if (plain === "") return "-";
  return plain.length <= MAX_NAME_CHARS
    ? plain
    : `${plain.slice(0, MAX_NAME_CHARS - 1)}~`;
}
