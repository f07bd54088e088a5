// The rules that apply to what a server offers, as texts that differ where the rules do.

import type { Decision, OfferKind, RuleTexts } from "../principal.ts";
import type { NameRule, PatternList, ScopeRules } from "./scope.ts";
import type { ServerAccess } from "./server_access.ts";

type Rules = ScopeRules | undefined;

/** Where the rules stand makes no difference. */
export function ruleTexts(
  { allowed }: Decision,
  { toolFilter }: ServerAccess,
  ...scopes: readonly Rules[]
): RuleTexts {
  const names = (member: "tools" | "prompts" | "resources") =>
    scopes.map((rules) => listed(rules?.[member]));
  const filter = toolFilter && [
    toolFilter.mode,
    textsOf(toolFilter.tools),
  ];
  const readOnly = scopes.map((rules) => rules?.readOnly !== undefined);
  const parts: Record<OfferKind, unknown[]> = {
    tool: [filter, names("tools"), readOnly],
    prompt: [names("prompts")],
    resource: [names("resources")],
  };
  const text = (kind: OfferKind) => JSON.stringify([allowed, ...parts[kind]]);
  return {
    tool: text("tool"),
    prompt: text("prompt"),
    resource: text("resource"),
  };
}

function listed(rule: NameRule | undefined): unknown {
  return rule && { allow: textsOf(rule.allow), deny: textsOf(rule.deny) };
}

function textsOf(list: PatternList | undefined): readonly string[] | undefined {
  return list?.patterns.map(({ text }) => text);
}
