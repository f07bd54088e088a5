// The variables of the environment that a file names.

import type { FileDraft } from "./schema.ts";
import { Text } from "./text.ts";
import type { Value } from "./values.ts";

/** Those that are named by `$env:`, wherever that is, and those that servers inherit by name. */
export function namedVariables(
  value: Value,
  { mcpServers = {} }: FileDraft,
): ReadonlySet<string> {
  const variables = new Set<string>();
  collect(value, variables);
  for (const { inheritEnv = [] } of Object.values(mcpServers)) {
    for (const text of inheritEnv) {
      if (text.value !== undefined) variables.add(text.value);
    }
  }
  return variables;
}

function collect(value: Value, variables: Set<string>): void {
  if (value instanceof Text) {
    if (value.variable !== undefined) variables.add(value.variable);
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) collect(member, variables);
  }
}
