// `scopes` of `proxy.auth`: what the scopes of access tokens let their holders use.

import type { TokenScope } from "../../auth/scope.ts";
import { AUTH_PATH } from "../auth_kind.ts";
import type { PatternContext } from "../patterns.ts";
import type { FileDraft } from "../schema.ts";
import { readAllRules } from "../scopes.ts";
import { isClosedToOAuth } from "./access.ts";
import { checkScopeName } from "./scope_names.ts";

const PLACE = [...AUTH_PATH, "scopes"];

/** By scope, in the order of the file; undefined where callers are not restricted. `servers` are all names in `mcpServers`. */
export function readGrants(
  file: FileDraft,
  servers: readonly string[],
  context: PatternContext,
): Map<string, TokenScope> | undefined {
  const drafts = file.proxy?.auth?.scopes;
  if (drafts === undefined) return undefined;
  const { report } = context;
  const names = Object.keys(drafts);
  if (names.length === 0) {
    report.error(PLACE, "found no scope, wanted at least one", {
      hint: 'leave "scopes" out to let callers use whatever their servers ' +
        "offer",
    });
  }
  return new Map(names.map((name) => {
    const path = [...PLACE, name];
    checkScopeName(name, { path, at: "key" }, report);
    warnOfClosedServers(file, name, context);
    return [name, readAllRules(drafts[name], path, servers, context)];
  }));
}

/** Warns where a server needs a scope that is written almost like one that has rules. */
export function tellAlmostSameScopes(
  { proxy, mcpServers }: FileDraft,
  { report }: PatternContext,
): void {
  const names = Object.keys(proxy?.auth?.scopes ?? {});
  const twins = new Map(names.map((name) => [plain(name), name]));
  for (const { authScopes = [] } of Object.values(mcpServers ?? {})) {
    for (const { value, path } of authScopes) {
      const twin = value === undefined ? undefined : twins.get(plain(value));
      if (value === undefined || twin === undefined || names.includes(value)) {
        continue;
      }
      report.warn(path, "is almost the same as a scope of proxy.auth.scopes", {
        hint: `did you mean ${report.quoteKey(twin)}? Scopes differ by each ` +
          "character",
      });
    }
  }
}

function warnOfClosedServers(
  { proxy, mcpServers = {} }: FileDraft,
  name: string,
  { report }: PatternContext,
): void {
  const { servers = {} } = proxy?.auth?.scopes?.[name] ?? {};
  for (const server of Object.keys(servers)) {
    const draft = mcpServers[server];
    if (draft === undefined || !isClosedToOAuth(draft)) continue;
    report.warn(
      [...PLACE, name, "servers", server],
      "found rules without effect: authTokens of this server let in static " +
        "tokens alone",
      { at: "key", hint: 'write "authScopes" or "authGroups" into the server' },
    );
  }
}

/** The same for names that a person takes for each other. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
