// `authTokens`: the names of the tokens that may use a server.

import { nameHint } from "./name_hint.ts";
import { OAUTH } from "./auth_kind.ts";
import { isClosedToOAuth } from "./oauth/access.ts";
import type { Path } from "./path.ts";
import type { ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
import type { Text } from "./text.ts";

/** The names that exist, each once; undefined where every token may. Names that no token has are a problem each. */
export function readTokenNames(
  draft: ServerDraft,
  path: Path,
  context: ServerContext,
): string[] | undefined {
  const { authTokens } = draft;
  const { report, tokens } = context;
  if (authTokens === undefined) return undefined;
  // With OAuth an empty list may leave a server to access tokens.
  if (authTokens.length === 0 && isClosedToOAuth(draft)) {
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
    else tellUnknownName(text, text.value, context);
  }
  return [...known];
}

function tellUnknownName(
  text: Text,
  value: string,
  { tokens, auth, report }: ServerContext,
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
    {
      hint: auth.kind === OAUTH && tokens.names.size === 0
        ? "there is no token; which access tokens may use the server, " +
          '"authScopes" and "authGroups" say'
        : nameHint(value, tokens.names, "token", report),
    },
  );
}
