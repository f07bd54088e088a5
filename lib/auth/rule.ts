// What a rule is asked, and what it answers.

import type { Decision } from "../principal.ts";

/** A tool, prompt or resource, as a rule sees it. */
export interface Offer {
  /** Its name, or its uri. */
  readonly name: string;
  /** Of a tool: whether it says so; absent where that is not known. */
  readonly readOnlyHint?: boolean;
}

/** Lets an offer through or takes it away, and says why. */
export type Rule = (offer: Offer) => Decision;

/** Where no rule has anything to say. */
export const UNRESTRICTED: Decision = {
  allowed: true,
  rule: "no rule restricts it",
};

/** A decision in which what is not known is left out. */
export function decided(
  verdict: "allowed" | "denied",
  rule: string,
  line?: number,
): Decision {
  const allowed = verdict === "allowed";
  return line === undefined ? { allowed, rule } : { allowed, rule, line };
}
