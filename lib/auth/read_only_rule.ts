// The rule that leaves only the tools that say of themselves that they change nothing.

import type { Decision } from "../principal.ts";
import { decided } from "./rule.ts";
import type { Rule } from "./rule.ts";
import type { Place } from "./scope.ts";

/** Judges tools by their `readOnlyHint` (2025-11-25 `schema` § ToolAnnotations). `owner` is whose rule it is. */
export function readOnlyRule({ line }: Place, owner: string): Rule {
  const rule = `readOnly of ${owner}: `;
  const says = `${rule}the tool's annotations say readOnlyHint`;
  const denies = `${rule}the tool's annotations do not say readOnlyHint`;
  const allowed = decided("allowed", says, line);
  const denied = decided("denied", denies, line);
  const open: Decision = {
    ...decided("denied", `${rule}it depends on the tool's readOnlyHint`, line),
    dependsOn: "readOnlyHint",
  };
  return ({ readOnlyHint }) => {
    if (readOnlyHint === undefined) return open;
    return readOnlyHint ? allowed : denied;
  };
}
