// What `proxy.auth` says of the authorization server whose access tokens are taken.

import type { OAuthOptions } from "../../auth/oauth/options.ts";
import { AUTH_PATH, OAUTH } from "../auth_kind.ts";
import type { FoundKind } from "../auth_kind.ts";
import type { PatternContext } from "../patterns.ts";
import type { Report } from "../report.ts";
import { authSchema } from "../schema.ts";
import type { AuthDraft, FileDraft } from "../schema.ts";
import { readAudiences } from "./audiences.ts";
import { readDomains } from "./domains.ts";
import { readEndpoint } from "./endpoint.ts";
import { readGrants, tellAlmostSameScopes } from "./grants.ts";
import { readGroupsClaim } from "./groups_claim.ts";
import { readIntrospection } from "./introspection.ts";
import { readIssuer } from "./issuer.ts";
import { readStaticPath } from "./static_path.ts";

/** The options, without what is not known. */
export type FoundOAuth =
  & Omit<OAuthOptions, "issuer" | "baseUrl">
  & Partial<Pick<OAuthOptions, "issuer" | "baseUrl">>;

/** What reading them needs besides the file. */
export interface OAuthContext extends PatternContext {
  readonly auth: FoundKind;
  /** `proxy.baseUrl`, where it is sound and known. */
  readonly baseUrl?: URL;
  /** All names in `mcpServers`. */
  readonly servers: readonly string[];
}

/** The keys that are not for access tokens. */
const OTHER_KEYS: readonly string[] = ["kind", "tokens"];

/** Undefined where static tokens alone are taken; keys of the other kind are a problem each. */
export function readOAuth(
  file: FileDraft,
  context: OAuthContext,
): FoundOAuth | undefined {
  const { auth, report, tokens, baseUrl, servers } = context;
  const draft = file.proxy?.auth;
  if (draft === undefined) return undefined;
  if (auth.kind !== OAUTH) {
    if (auth.isSaid) tellOtherKeys(report);
    return undefined;
  }
  refuseMissingBaseUrl(report);
  const issuer = readIssuer(draft.issuer, baseUrl, report);
  const jwksUri = readEndpoint(draft.jwksUri, issuer, report);
  const introspection = readIntrospection(draft, issuer, tokens, report);
  const scopes = readGrants(file, servers, context);
  tellAlmostSameScopes(file, context);
  return {
    ...(issuer && { issuer }),
    ...(baseUrl && { baseUrl: baseUrl.href.replace(/\/+$/, "") }),
    audiences: readAudiences(draft.audiences, report),
    ...(jwksUri && { jwksUri }),
    ...(introspection && { introspection }),
    groupsClaim: readGroupsClaim(draft.groupsClaim, report),
    allowedDomains: readDomains(draft.allowedDomains, report),
    ...(scopes && { scopes }),
    ...staticPathOf(draft, context),
  };
}

/** The options where all that has to be known is. */
export function wholeOAuth(
  found: FoundOAuth | undefined,
): OAuthOptions | undefined {
  if (found?.issuer === undefined || found.baseUrl === undefined) {
    return undefined;
  }
  return { ...found, issuer: found.issuer, baseUrl: found.baseUrl };
}

function staticPathOf(
  { staticPath: text }: AuthDraft,
  { report, servers, tokens }: OAuthContext,
): Pick<OAuthOptions, "staticPath"> {
  const staticPath = text && readStaticPath(text, servers, report);
  if (text !== undefined && tokens.names.size === 0) {
    report.warn(text.path, "has no effect: there is no token to use there", {
      hint: 'write the tokens into "tokens", or leave "staticPath" out',
    });
  }
  return { ...(staticPath && { staticPath }) };
}

function tellOtherKeys(report: Report): void {
  for (const key of Object.keys(authSchema.shape)) {
    const path = [...AUTH_PATH, key];
    if (OTHER_KEYS.includes(key) || !report.has(path)) continue;
    report.error(path, `"${key}" is for "kind": "${OAUTH}"`, {
      at: "key",
      hint: `write "kind": "${OAUTH}", or leave it out`,
    });
  }
}

function refuseMissingBaseUrl(report: Report): void {
  const path = ["proxy", "baseUrl"];
  if (report.has(path)) return;
  report.error(
    path,
    'found no "baseUrl", wanted the url by which clients reach the gateway: ' +
      "access tokens are made for it",
    { hint: '"baseUrl": "https://mcp.example.com"' },
  );
}
