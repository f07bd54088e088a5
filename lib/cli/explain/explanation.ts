// What a token may do, server by server, with the rule that decides it.

import type { AccessRules } from "../../config/access_rules.ts";
import type { Decision } from "../../principal.ts";
import type { Failure } from "../check/server_report.ts";
import { judgementFor } from "./judgement.ts";
import type { Who } from "./judgement.ts";
import { restrictionsOf } from "./restrictions.ts";
import type { Restriction } from "./restrictions.ts";

/** What is found out about a tool; `depends` where its annotation would decide. */
export type Verdict = "allowed" | "denied" | "depends" | "absent";

/** A tool, and whether the token may call it. */
export interface ToolVerdict {
  /** Fit to be shown. */
  readonly name: string;
  readonly verdict: Verdict;
  readonly rule: string;
  /** The line of the file where the rule stands. */
  readonly line?: number;
}

/** A server, and what the token may do there. */
export interface ServerExplanation {
  readonly name: string;
  /** Whether it may be used at all. */
  readonly entry: Decision;
  /** The rules that restrict what it offers; none where it may not be used. */
  readonly restrictions: readonly Restriction[];
  /** Present where tools were asked about. */
  readonly tools?: readonly ToolVerdict[];
  /** Why it could not be asked for its tools. */
  readonly failure?: Failure;
}

/** What is explained. */
export type Question = Who & {
  /** The only server that is of interest; absent: all. */
  readonly server?: string;
  /** The only tool that is of interest. */
  readonly tool?: string;
  /** When the token ends; absent: never. */
  readonly expires?: Date;
};

/** What the rules say by themselves, in the order of the file. */
export function explained(
  question: Question,
  rules: AccessRules,
): ServerExplanation[] {
  const { server: wanted, tool } = question;
  const policy = judgementFor(question, rules);
  const names = [...rules.servers.keys()];
  return names.filter((name) => name === (wanted ?? name)).map((server) => {
    const entry = withNeeds(policy.allows({ kind: "server", server }));
    const restrictions = entry.allowed
      ? restrictionsOf(question, server, rules)
      : [];
    const about = { name: server, entry, restrictions };
    if (tool === undefined) return about;
    const decision = policy.allows({ kind: "tool", server, name: tool });
    return { ...about, tools: [toolVerdict(tool, decision)] };
  });
}

/** The decision with a rule that says which scopes would do, where some would. */
function withNeeds(decision: Decision): Decision {
  const { rule, needs } = decision;
  return needs === undefined
    ? decision
    : { ...decision, rule: `${rule}; scopes to ask for: ${needs.join(" ")}` };
}

/** A decision on a tool as it is shown. */
export function toolVerdict(name: string, decision: Decision): ToolVerdict {
  const { allowed, dependsOn, rule, line } = withNeeds(decision);
  const denial = dependsOn === undefined ? "denied" : "depends";
  return { name, verdict: allowed ? "allowed" : denial, rule, line };
}
