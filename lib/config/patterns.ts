// Lists of patterns for the names of tools, prompts and resources.

import type { PatternList, PlacedPattern } from "../auth/scope.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { Text } from "./text.ts";
import type { TokenTable } from "./token_table.ts";

/** What reading patterns needs besides them. */
export interface PatternContext {
  readonly report: Report;
  readonly tokens: TokenTable;
}

/** Reads the list at `path`; a pattern that is not sound is a problem and left out. */
export function readPatterns(
  texts: readonly Text[],
  path: Path,
  context: PatternContext,
): PatternList {
  const { report } = context;
  if (texts.length === 0 && path.at(-1) === "allow") {
    report.warn(path, "found no pattern; nothing is allowed", {
      hint: 'leave "allow" out to allow everything, or write ["*"]',
    });
  }
  return {
    ...report.place(path),
    patterns: texts.flatMap((text) => readPattern(text, context) ?? []),
  };
}

function readPattern(
  text: Text,
  context: PatternContext,
): PlacedPattern | undefined {
  const { report, tokens } = context;
  const { value, path } = text;
  if (value === undefined) return undefined;
  if (value === "") {
    report.error(path, `found an empty pattern${text.source}`, {
      hint: '"*" fits every name',
    });
    return undefined;
  }
  const owner = tokens.nameOfTokenIn(value);
  if (owner !== undefined || tokens.hasClientSecretIn(value)) {
    const what = owner === undefined
      ? "the client secret"
      : `the value of the token ${report.quoteKey(owner)}`;
    report.error(
      path,
      `found ${what}; patterns are told to callers`,
      { hint: "patterns are for names of tools, prompts and resources" },
    );
    return undefined;
  }
  return { ...report.place(path), text: value, shown: report.quote(text) };
}
