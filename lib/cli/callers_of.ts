// Who may use a server, in a few words.

import type { Config, ServerConfig } from "../../mod.ts";
import { isOpenToOAuth } from "./connect/logs_in.ts";

/** Such as `dev, ops`, `any token` or `dev, or OAuth with db:use in dba or sre`. */
export function callersOf(
  server: ServerConfig,
  { oauth, tokens }: Pick<Config, "oauth" | "tokens">,
): string {
  const listed = server.authTokens?.join(", ") ?? "any token";
  if (oauth === undefined || !isOpenToOAuth(server)) return listed;
  const { authScopes = [], authGroups = [] } = server;
  const wanted = [
    "OAuth",
    ...authScopes.length === 0 ? [] : [`with ${authScopes.join(" ")}`],
    ...authGroups.length === 0 ? [] : [`in ${authGroups.join(" or ")}`],
  ].join(" ");
  const isForNoToken = tokens.size === 0 || listed === "";
  return isForNoToken ? wanted : `${listed}, or ${wanted}`;
}
