// `authTokens`: the names of the tokens that may use a server.

import { nameHint } from "./name_hint.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { Text } from "./text.ts";
import type { TokenTable } from "./token_table.ts";

/** The names that exist, each once; undefined where every token may. Names that no token has are a problem each. */
export function readTokenNames(
  { authTokens }: ServerDraft,
  path: Path,
  tokens: TokenTable,
  report: Report,
): string[] | undefined {
  if (authTokens === undefined) return undefined;
  if (authTokens.length === 0) {
    report.warn(
      [...path, "authTokens"],
      "found no name; nobody can use this server",
      { hint: 'leave "authTokens" out to let every token use it' },
    );
  }
  const known = new Set<string>();
  for (const text of authTokens) {
    if (text.value === undefined) continue;
    if (tokens.names.has(text.value)) known.add(text.value);
    else tellUnknownName(text, text.value, tokens, report);
  }
  return [...known];
}

function tellUnknownName(
  text: Text,
  value: string,
  tokens: TokenTable,
  report: Report,
): void {
  const owner = tokens.nameOf(value);
  if (owner !== undefined) {
    report.error(text.path, "found the value of a token, wanted its name", {
      hint: `write ${report.quoteKey(owner)}`,
    });
    return;
  }
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted the name of a token in ` +
      "proxy.auth.tokens",
    { hint: nameHint(value, tokens.names, "token", report) },
  );
}
