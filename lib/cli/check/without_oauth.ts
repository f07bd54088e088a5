// The configuration of a gateway that only this program comes to, which has no access tokens.

import type { Config, ServerConfig } from "../../../mod.ts";
import { tokenOf } from "../../auth/token.ts";
import { isOpenToOAuth } from "../connect/logs_in.ts";
import { newPass } from "./passes.ts";

/** As whom servers are visited that only access tokens may use. */
export const CALLER = "(oauth)";

/** The same with one more token for what access tokens may use, and no authorization server to ask. */
export function withoutOAuth(config: Config): Config {
  if (config.oauth === undefined) return config;
  const { tokens, servers } = config;
  return {
    ...config,
    oauth: undefined,
    tokens: new Map([...tokens, [CALLER, tokenOf(newPass())]]),
    servers: servers.map(withoutScopes),
  };
}

function withoutScopes(server: ServerConfig): ServerConfig {
  const { authScopes: _, authGroups: _groups, authTokens, ...rest } = server;
  if (authTokens === undefined) return rest;
  const callers = isOpenToOAuth(server) ? [CALLER] : [];
  return { ...rest, authTokens: [...authTokens, ...callers] };
}
