// The explanation for programs.

import { momentText } from "../../moment.ts";
import type { Caller } from "./caller.ts";
import type { ServerExplanation, ToolVerdict } from "./explanation.ts";
import type { Subject } from "./explanation_text.ts";

/** The explanation as indented JSON; what is not known is `null`. */
export function explanationJson(
  servers: readonly ServerExplanation[],
  { file, token, caller, expires }: Subject,
): string {
  const whole = {
    config: file,
    ...(caller ? { caller: callerOf(caller) } : { token }),
    expires: expires === undefined ? null : momentText(expires),
    servers: servers.map(serverOf),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function callerOf({ scopes, groups, email }: Caller) {
  return { scopes, groups, email: email ?? null };
}

function serverOf(
  { name, entry, restrictions, tools, failure }: ServerExplanation,
) {
  return {
    name,
    allowed: entry.allowed,
    rule: entry.rule,
    line: entry.line ?? null,
    restrictions: restrictions.map(({ kind, rule, line }) => ({
      kind,
      rule,
      line: line ?? null,
    })),
    tools: tools?.map(toolOf) ?? null,
    error: failure
      ? {
        fault: failure.fault,
        message: failure.message,
        last_words: failure.lastWords,
        hint: failure.hint ?? null,
      }
      : null,
  };
}

function toolOf({ name, verdict, rule, line }: ToolVerdict) {
  return { name, verdict, rule, line: line ?? null };
}
