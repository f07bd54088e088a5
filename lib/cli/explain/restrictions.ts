// The rules that restrict what a token may use of a server, each in words.

import type { PatternList, ScopeRules, TokenScope } from "../../auth/scope.ts";
import type { ToolFilter } from "../../auth/server_access.ts";
import type { AccessRules } from "../../config/access_rules.ts";
import type { Who } from "./judgement.ts";

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

/** Those that apply to this token or caller at this server. */
export function restrictionsOf(
  { token, caller }: Who,
  server: string,
  { servers, scopes, oauth }: AccessRules,
): Restriction[] {
  const filter = servers.get(server)?.toolFilter;
  const filters = filter ? [ofFilter(filter, server)] : [];
  const granted = caller === undefined
    ? [scopes.get(token)]
    : caller.scopes.map((name) => oauth?.scopes?.get(name));
  const each = granted.filter((scope) => scope !== undefined)
    .map((scope) => ofScope(scope, server));
  return OFFER_NAMES.flatMap((name) =>
    [...filters, ...eitherOf(each, name)].filter(({ kind }) => kind === name)
  );
}

/** What is left by the rules of several scopes: where one does not restrict something, none does. */
function eitherOf(
  each: readonly Restriction[][],
  name: OfferName,
): Restriction[] {
  const own = each.map((rules) => rules.filter(({ kind }) => kind === name));
  if (own.some((rules) => rules.length === 0)) return [];
  return own.flatMap((rules, at) =>
    rules.map((one, index) =>
      at > 0 && index === 0 ? { ...one, rule: `or ${one.rule}` } : one
    )
  );
}

function ofScope(scope: TokenScope, server: string): Restriction[] {
  const here = scope.servers.get(server);
  return [...ofRules(scope), ...(here ? ofRules(here) : [])];
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
