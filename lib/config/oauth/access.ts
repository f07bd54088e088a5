// `authScopes` and `authGroups`: which access tokens may use a server.

import type { ServerAccess } from "../../auth/server_access.ts";
import { OAUTH } from "../auth_kind.ts";
import type { FoundKind } from "../auth_kind.ts";
import type { Path } from "../path.ts";
import type { Report } from "../report.ts";
import type { ServerDraft } from "../schema.ts";
import { readListAt } from "./lists.ts";
import { checkScopeName } from "./scope_names.ts";

type OAuthAccess = Pick<ServerAccess, "authScopes" | "authGroups">;

/** Whether only the static tokens that the server lists may use it. */
export function isClosedToOAuth(
  { authTokens, authScopes, authGroups }: ServerDraft,
): boolean {
  return authTokens !== undefined && authScopes === undefined &&
    authGroups === undefined;
}

/** What the server at `path` wants of access tokens. */
export function readOAuthAccess(
  draft: ServerDraft,
  path: Path,
  { kind, isSaid }: FoundKind,
  report: Report,
): OAuthAccess {
  const { authScopes, authGroups } = draft;
  if (kind !== OAUTH) {
    if (isSaid) refuseKeys(draft, path, report);
    return {};
  }
  warnIfClosed(draft, path, report);
  return {
    ...(authScopes && {
      authScopes: readScopes(authScopes, [...path, "authScopes"], report),
    }),
    ...(authGroups && {
      authGroups: readGroups(authGroups, [...path, "authGroups"], report),
    }),
  };
}

type Texts = NonNullable<ServerDraft["authScopes"]>;

function readScopes(texts: Texts, path: Path, report: Report): string[] {
  return readListAt(texts, path, report, ({ path, source }, value) => {
    const isSound = checkScopeName(
      value,
      { path, at: "value", source },
      report,
    );
    return isSound ? value : undefined;
  });
}

function readGroups(texts: Texts, path: Path, report: Report): string[] {
  return readListAt(texts, path, report, (text, value) => {
    if (value.trim() !== "" && !/\p{C}/u.test(value)) return value;
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted the name of a group`,
    );
    return undefined;
  });
}

/** Without them the server would be open to every token: to leave them unsaid is no help. */
function refuseKeys(draft: ServerDraft, path: Path, report: Report): void {
  for (const key of ["authScopes", "authGroups"] as const) {
    if (draft[key] === undefined) continue;
    report.error(
      [...path, key],
      `"${key}" is for access tokens, and proxy.auth takes none`,
      {
        at: "key",
        hint: `write "kind": "${OAUTH}" there, or "authTokens" here`,
      },
    );
  }
}

function warnIfClosed(draft: ServerDraft, path: Path, report: Report): void {
  const isOff = draft.disabled === true || draft.authTokens?.length === 0;
  if (isOff || !isClosedToOAuth(draft)) return;
  report.warn(
    [...path, "authTokens"],
    "closes this server to access tokens: only the tokens that it lists can " +
      "use it",
    {
      at: "key",
      hint: 'write "authScopes" or "authGroups" beside it to let in those ' +
        "that have them",
    },
  );
}
