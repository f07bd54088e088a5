// Who may use what, as far as a file says it, whether or not the variables it names are set.

import type { CallerRules } from "../auth/oauth/options.ts";
import type { TokenScope } from "../auth/scope.ts";
import type { ServerAccess } from "../auth/server_access.ts";
import type { Token } from "../auth/token.ts";
import type { Config } from "./config.ts";
import type { FileDraft } from "./schema.ts";
import { Text } from "./text.ts";
import type { TokenTable } from "./token_table.ts";

/** The rules of a file. */
export interface AccessRules {
  /** Every name, in the order of the file, with its token where that is known. */
  readonly tokens: ReadonlyMap<string, Token | undefined>;
  /** When tokens end, by name. */
  readonly expiries: ReadonlyMap<string, Date>;
  /** By the server's name, in the order of the file, without those that are disabled. */
  readonly servers: ReadonlyMap<string, ServerAccess>;
  /** By the token's name. */
  readonly scopes: ReadonlyMap<string, TokenScope>;
  /** What is wanted of access tokens; absent where static tokens alone are taken. */
  readonly oauth?: CallerRules;
  /** The variables and files (as `$file:PATH`) that rules are read from and that were not looked at: what these rules say is not known. */
  readonly openVariables: ReadonlySet<string>;
}

/** What of a configuration its rules are made of. */
interface Access extends Pick<Config, "tokens" | "scopes"> {
  readonly oauth?: CallerRules;
  readonly servers: readonly (ServerAccess & { readonly name: string })[];
}

/** The rules of a configuration. */
export function accessRulesOf(
  { tokens, servers, scopes, oauth }: Access,
): AccessRules {
  const expiries = [...tokens].flatMap(([name, { expires }]) =>
    expires === undefined ? [] : [[name, expires] as const]
  );
  return {
    tokens,
    expiries: new Map(expiries),
    servers: new Map(servers.map((server) => [server.name, server])),
    scopes,
    ...(oauth && { oauth }),
    openVariables: new Set(),
  };
}

/** The rules of a file, also of tokens whose values are not known. */
export function rulesOf(
  { names, expiries }: TokenTable,
  access: Access,
): AccessRules {
  return {
    ...accessRulesOf(access),
    tokens: new Map(
      [...names].map((name) => [name, access.tokens.get(name)]),
    ),
    expiries,
  };
}

/** The rules of a file whose references are not looked at. */
export function openRulesOf(
  file: FileDraft,
  table: TokenTable,
  access: Access,
): AccessRules {
  return { ...rulesOf(table, access), openVariables: ruleVariables(file) };
}

/** The variables and files that rules name. */
function ruleVariables(file: FileDraft): Set<string> {
  const variables = new Set<string>();
  const servers = Object.values(file.mcpServers ?? {});
  const tokens = Object.values(file.proxy?.auth?.tokens ?? {})
    .map((token) => token instanceof Text ? {} : { ...token, value: {} });
  const rules = servers.map((
    { authTokens, authScopes, authGroups, toolFilter },
  ) => [authTokens, authScopes, authGroups, toolFilter]);
  const { scopes, allowedDomains } = file.proxy?.auth ?? {};
  collect([rules, tokens, scopes, allowedDomains], variables);
  return variables;
}

function collect(value: unknown, variables: Set<string>): void {
  if (value instanceof Text) {
    if (value.variable !== undefined) variables.add(value.variable);
    if (value.file !== undefined) variables.add(`$file:${value.file}`);
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) collect(member, variables);
  }
}
