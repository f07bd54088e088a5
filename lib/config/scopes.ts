// What the tokens of the file are restricted to.

import type { NameRule, ScopeRules, TokenScope } from "../auth/scope.ts";
import { nameHint } from "./name_hint.ts";
import type { Path } from "./path.ts";
import { readPatterns } from "./patterns.ts";
import type { PatternContext } from "./patterns.ts";
import type {
  FileDraft,
  GrantDraft,
  NamesDraft,
  RulesDraft,
} from "./schema.ts";
import { TOKENS_PATH } from "./tokens.ts";
import { Text } from "./text.ts";

/** The rules of each token that has any. `servers` are all names in `mcpServers`. */
export function readScopes(
  file: FileDraft,
  servers: readonly string[],
  context: PatternContext,
): Map<string, TokenScope> {
  const scopes = new Map<string, TokenScope>();
  const drafts = file.proxy?.auth?.tokens ?? {};
  for (const name of context.tokens.names) {
    const draft = Object.hasOwn(drafts, name) ? drafts[name] : undefined;
    if (draft === undefined || draft instanceof Text) continue;
    const path = [...TOKENS_PATH, name];
    scopes.set(name, readAllRules(draft, path, servers, context));
    for (const server of Object.keys(draft.servers ?? {})) {
      const place = [...path, "servers", server];
      const { authTokens } = file.mcpServers?.[server] ?? {};
      if (authTokens) warnIfClosed(name, authTokens, place, context);
    }
  }
  return scopes;
}

/** Rules for all servers and for some of them. `servers` are all names in `mcpServers`. */
export function readAllRules(
  draft: GrantDraft,
  path: Path,
  servers: readonly string[],
  context: PatternContext,
): TokenScope {
  return {
    ...readRules(draft, path, context),
    servers: new Map(
      Object.entries(draft.servers ?? {}).map(([server, rules]) => {
        const place = [...path, "servers", server];
        refuseUnknownServer(server, place, servers, context);
        return [server, readRules(rules, place, context)];
      }),
    ),
  };
}

function readRules(
  { tools, prompts, resources, readOnly }: RulesDraft,
  path: Path,
  context: PatternContext,
): ScopeRules {
  const names = (kind: string, draft: NamesDraft | undefined) =>
    draft && { [kind]: readNames(draft, [...path, kind], context) };
  return {
    ...names("tools", tools),
    ...names("prompts", prompts),
    ...names("resources", resources),
    ...(readOnly === true
      ? { readOnly: context.report.place([...path, "readOnly"]) }
      : {}),
  };
}

function readNames(
  { allow, deny }: NamesDraft,
  path: Path,
  context: PatternContext,
): NameRule {
  return {
    ...(allow && { allow: readPatterns(allow, [...path, "allow"], context) }),
    ...(deny && { deny: readPatterns(deny, [...path, "deny"], context) }),
  };
}

function refuseUnknownServer(
  name: string,
  path: Path,
  servers: readonly string[],
  { report }: PatternContext,
): void {
  if (servers.includes(name)) return;
  report.error(
    path,
    `found ${report.quoteKey(name)}, wanted the name of a server in mcpServers`,
    { at: "key", hint: nameHint(name, servers, "server", report) },
  );
}

/** Rules only take away: they open no server. */
function warnIfClosed(
  token: string,
  authTokens: readonly Text[],
  path: Path,
  { report }: PatternContext,
): void {
  // What comes from elsewhere may be the name.
  const mayBeListed = ({ value, isReference }: Text) =>
    value === token || isReference;
  if (authTokens.some(mayBeListed)) return;
  report.warn(
    path,
    "found rules without effect: authTokens of this server does not list " +
      report.quoteKey(token),
    {
      at: "key",
      hint: "write the token's name into it, or take these rules out",
    },
  );
}
