// Whether a client gets an access token itself, or is given a static one.

import type { ServerAccess } from "../../auth/server_access.ts";
import type { AccessRules } from "../../config/access_rules.ts";
import { checkServerName } from "../known_names.ts";
import type { Wish } from "./choose_token.ts";

/** Throws a `CommandError` for a server that is none. A token that is named is a static one. */
export function logsIn(
  { file, server, token }: Wish,
  { servers, oauth }: AccessRules,
): boolean {
  if (oauth === undefined || token !== undefined) return false;
  if (server !== undefined) checkServerName(server, servers.keys(), file);
  const wanted = [...servers].filter(([name]) => name === (server ?? name));
  return wanted.some(([, access]) => isOpenToOAuth(access));
}

/** Whether some access token may use the server. */
export function isOpenToOAuth(
  { authTokens, authScopes, authGroups }: ServerAccess,
): boolean {
  return authTokens === undefined || authScopes !== undefined ||
    authGroups !== undefined;
}
