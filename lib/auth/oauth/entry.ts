// Whether a caller with an access token may use a server at all.

import type { Decision } from "../../principal.ts";
import { decided } from "../rule.ts";
import type { ServerAccess } from "../server_access.ts";
import type { Grants } from "./grants.ts";
import type { CallerRules } from "./options.ts";

/** What is asked about. */
export interface Entrance {
  readonly server: string;
  readonly access: ServerAccess;
  readonly options: CallerRules;
}

/** What no other scope would open is said first: only where scopes alone are missing does the decision name some. */
export function entryDecision(grants: Grants, entrance: Entrance): Decision {
  return byDomain(grants, entrance) ?? byTokens(entrance) ??
    byGroups(grants, entrance) ?? byScopes(grants, entrance);
}

function byDomain(
  { isOfDomain }: Grants,
  _: Entrance,
): Decision | undefined {
  if (isOfDomain) return undefined;
  const rule =
    "allowedDomains does not list the domain of a verified e-mail address of the caller";
  return decided("denied", rule);
}

/** A server that lists tokens, and says nothing of callers with access tokens, is for those it lists. */
function byTokens({ access, server }: Entrance): Decision | undefined {
  const { authTokens, authScopes, authGroups, line } = access;
  if (!authTokens || authScopes || authGroups) return undefined;
  const rule =
    `server "${server}" has authTokens and neither authScopes nor authGroups: only listed tokens`;
  return decided("denied", rule, line);
}

function byGroups(
  { groups }: Grants,
  { access: { authGroups, line }, server }: Entrance,
): Decision | undefined {
  if (!authGroups || authGroups.some((one) => groups.includes(one))) {
    return undefined;
  }
  const rule = `authGroups of server "${server}" lists no group of the caller`;
  return decided("denied", rule, line);
}

function byScopes(
  { scopes }: Grants,
  { access: { authScopes = [], authGroups, line }, server, options }: Entrance,
): Decision {
  const missing = authScopes.filter((scope) => !scopes.includes(scope));
  const named = [...options.scopes?.keys() ?? []];
  const hasNone = named.length > 0 &&
    !named.some((scope) => scopes.includes(scope));
  const needs = hasNone ? [...missing, named[0] as string] : missing;
  if (missing.length > 0) {
    const rule = `authScopes of server "${server}" needs ${shown(missing)}`;
    return { ...decided("denied", rule, line), needs };
  }
  if (options.scopes && (hasNone || named.length === 0)) {
    const rule = `proxy.auth.scopes names no scope of the caller`;
    const denied = decided("denied", rule);
    return needs.length === 0 ? denied : { ...denied, needs };
  }
  if (authScopes.length > 0) {
    const rule = `the caller has what authScopes of server "${server}" needs`;
    return decided("allowed", rule, line);
  }
  const rule = authGroups === undefined
    ? `server "${server}" has no authScopes: any valid access token`
    : `authGroups of server "${server}" lists a group of the caller`;
  return decided("allowed", rule, line);
}

function shown(scopes: readonly string[]): string {
  return scopes.map((scope) => JSON.stringify(scope)).join(", ");
}
