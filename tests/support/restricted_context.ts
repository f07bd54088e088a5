// On whose behalf a test opens a backend of which not everything may be used.

import type { OpenContext } from "../../lib/backend.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Limits } from "../../lib/limits.ts";
import type { Capability, Decision, OfferKind } from "../../lib/principal.ts";
import { openContext } from "./open_context.ts";

/** What may be used; of a kind that is not named, everything. */
export interface Permitted {
  readonly tools?: readonly string[] | "readOnly";
  readonly prompts?: readonly string[];
  readonly resources?: readonly string[];
}

/** The context of a session of the token "ci", which may use so much and no more. */
export function restrictedContext(
  permitted: Permitted,
  changed: Partial<Limits> = {},
): OpenContext {
  const limits = { ...DEFAULT_LIMITS, ...changed };
  const context = openContext(undefined, limits);
  const principal = {
    ...context.principal,
    id: "ci",
    allows: (asked: Capability) => decide(permitted, asked),
    restricted: () => kindsOf(permitted),
  };
  return { ...context, principal };
}

function kindsOf(permitted: Permitted): Set<OfferKind> {
  const kinds = new Set<OfferKind>();
  if (permitted.tools) kinds.add("tool");
  if (permitted.prompts) kinds.add("prompt");
  if (permitted.resources) kinds.add("resource");
  return kinds;
}

function decide(permitted: Permitted, asked: Capability): Decision {
  const rule = { rule: "the rule of the test", line: 7 };
  switch (asked.kind) {
    case "server":
      return { allowed: true, ...rule };
    case "prompt":
      return { allowed: holds(permitted.prompts, asked.name), ...rule };
    case "resource":
      return { allowed: holds(permitted.resources, asked.uri), ...rule };
  }
  const { tools } = permitted;
  if (tools !== "readOnly") {
    return { allowed: holds(tools, asked.name), ...rule };
  }
  const { readOnlyHint } = asked;
  if (readOnlyHint !== undefined) return { allowed: readOnlyHint, ...rule };
  return { allowed: false, ...rule, dependsOn: "readOnlyHint" };
}

function holds(names: readonly string[] | undefined, name: string): boolean {
  return names?.includes(name) ?? true;
}
