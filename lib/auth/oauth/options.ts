// What the operator says of the authorization server whose access tokens are taken.

import type { Secret } from "../../secret.ts";
import type { TokenScope } from "../scope.ts";

/** How opaque tokens are asked about (RFC 7662). */
export interface IntrospectionOptions {
  /** Absent: what the issuer's metadata says. */
  readonly endpoint?: URL;
  /** By which the gateway is known to the issuer. */
  readonly clientId: string;
  /** Sent to the issuer with each question. */
  readonly clientSecret: Secret;
}

/** An authorization server, and what its tokens open. */
export interface OAuthOptions {
  /** Exactly as its metadata and its tokens name it: no slash is added or taken. */
  readonly issuer: string;
  /** The public url of the gateway without a slash at its end; those of its resources begin with it. */
  readonly baseUrl: string;
  /** What `aud` may also name, besides the urls of the resources. */
  readonly audiences: readonly string[];
  /** Absent: what the issuer's metadata says. */
  readonly jwksUri?: URL;
  /** Absent: opaque tokens are refused. */
  readonly introspection?: IntrospectionOptions;
  /** The members that lead to the groups of a caller, from the outside in. */
  readonly groupsClaim: readonly string[];
  /** In lower case; empty: callers need no e-mail address. */
  readonly allowedDomains: readonly string[];
  /** What each scope lets its holder use, in the order of the file; absent: callers are not restricted. */
  readonly scopes?: ReadonlyMap<string, TokenScope>;
  /** `/static`: the prefix of the paths that take static tokens alone and say nothing of OAuth; absent: there are none. */
  readonly staticPath?: string;
}

/** What the rules for callers are made of, known without the issuer; and where they cannot come. */
export type CallerRules =
  & Pick<
    OAuthOptions,
    "audiences" | "groupsClaim" | "allowedDomains" | "scopes" | "staticPath"
  >
  & Partial<Pick<OAuthOptions, "baseUrl">>;
