// `toolFilter`: the tools of a server that any token may use.

import type { ToolFilter } from "../auth/server_access.ts";
import type { Path } from "./path.ts";
import { readPatterns } from "./patterns.ts";
import type { PatternContext } from "./patterns.ts";
import type { ServerDraft } from "./schema.ts";
import type { Text } from "./text.ts";

const EXAMPLE = '"toolFilter": { "mode": "allow", "tools": ["get_*"] }';

/** The filter of the server at `path`; what is missing or wrong in it is a problem. */
export function readToolFilter(
  { toolFilter }: ServerDraft,
  path: Path,
  context: PatternContext,
): ToolFilter | undefined {
  if (toolFilter === undefined) return undefined;
  const place = [...path, "toolFilter"];
  const mode = readMode(toolFilter.mode, place, context);
  const tools = toolFilter.tools &&
    readPatterns(toolFilter.tools, [...place, "tools"], context);
  if (tools === undefined) {
    tellMissing("tools", "an array of patterns", place, context);
    return undefined;
  }
  if (tools.patterns.length === 0 && toolFilter.tools?.length === 0) {
    const effect = mode === "allow"
      ? "nobody can use a tool of this server"
      : "this filter takes nothing away";
    context.report.warn([...place, "tools"], `found no pattern; ${effect}`, {
      hint: 'name tools, or leave "toolFilter" out to take nothing away',
    });
  }
  return mode && { mode, tools };
}

function readMode(
  text: Text | undefined,
  place: Path,
  context: PatternContext,
): ToolFilter["mode"] | undefined {
  if (text === undefined) {
    tellMissing("mode", '"allow" or "deny"', place, context);
    return undefined;
  }
  const { value } = text;
  if (value === undefined) return undefined;
  if (value === "allow" || value === "deny") return value;
  context.report.error(
    text.path,
    `found ${context.report.quote(text)}, wanted "allow" or "deny"`,
  );
  return undefined;
}

function tellMissing(
  key: string,
  wanted: string,
  place: Path,
  { report }: PatternContext,
): void {
  // What is there and of the wrong type has its problem already.
  if (report.has([...place, key])) return;
  report.error(place, `found no "${key}", wanted ${wanted}`, { hint: EXAMPLE });
}
