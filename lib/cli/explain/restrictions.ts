// The rules that restrict what a token may use of a server, each in words.

import type { PatternList, ScopeRules } from "../../auth/scope.ts";
import type { ToolFilter } from "../../auth/server_access.ts";
import type { AccessRules } from "../../config/access_rules.ts";

/** A rule that takes something away. */
export interface Restriction {
  /** From what it takes. */
  readonly kind: OfferName;
  readonly rule: string;
  /** The line of the file where it stands. */
  readonly line?: number;
}

/** The kinds of offers, as the file names them. */
export type OfferName = typeof OFFER_NAMES[number];

/** In the order in which they are shown. */
export const OFFER_NAMES = ["tools", "prompts", "resources"] as const;

/** Those that apply to this token at this server. */
export function restrictionsOf(
  token: string,
  server: string,
  { servers, scopes }: AccessRules,
): Restriction[] {
  const filter = servers.get(server)?.toolFilter;
  const scope = scopes.get(token);
  const here = scope?.servers.get(server);
  const found = [
    ...(filter ? [ofFilter(filter, server)] : []),
    ...(scope ? ofRules(scope) : []),
    ...(here ? ofRules(here) : []),
  ];
  return OFFER_NAMES.flatMap((name) =>
    found.filter(({ kind }) => kind === name)
  );
}

function ofFilter({ mode, tools }: ToolFilter, server: string): Restriction {
  const rule = `toolFilter of server "${server}" ` +
    `${mode === "allow" ? "allows only" : "denies"} ${listed(tools)}`;
  return { kind: "tools", rule, line: tools.line };
}

function ofRules(rules: ScopeRules): Restriction[] {
  const { readOnly } = rules;
  const lists = OFFER_NAMES.flatMap((kind) => {
    const { allow, deny } = rules[kind] ?? {};
    return [allow, deny].filter((list) => list !== undefined)
      .map((list): Restriction => ({
        kind,
        rule: `${list.path}: ${listed(list)}`,
        line: list.line,
      }));
  });
  if (readOnly === undefined) return lists;
  const rule = `${readOnly.path}: only what says readOnlyHint`;
  return [...lists, { kind: "tools", rule, line: readOnly.line }];
}

function listed({ patterns }: PatternList): string {
  return patterns.map(({ shown }) => shown).join(", ") || "nothing";
}
