// A caller with an access token, as it is typed: what the token would say.

import { grantsIn } from "../../auth/oauth/grants.ts";
import type { GrantRules, Grants } from "../../auth/oauth/grants.ts";
import type { CallerRules } from "../../auth/oauth/options.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";

/** What a token would say of its caller. */
export interface Caller {
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  /** Taken to be verified. */
  readonly email?: string;
}

/** The same as it was typed; all are absent where no caller was meant. */
export interface CallerWords {
  /** With blanks or commas between them. */
  readonly scopes?: string;
  /** With commas between them. */
  readonly groups?: string;
  readonly email?: string;
}

/** Undefined where no caller was meant. Throws a `CommandError` where access tokens are not taken. */
export function callerOf(
  { scopes, groups, email }: CallerWords,
  oauth: CallerRules | undefined,
  file: string,
): Caller | undefined {
  if (scopes === undefined && groups === undefined && email === undefined) {
    return undefined;
  }
  if (oauth === undefined) {
    throw new CommandError(
      `${file} takes no access tokens`,
      'write -token NAME, or "kind": "oauth" into proxy.auth',
      EXIT_CODES.usage,
    );
  }
  return {
    scopes: wordsIn(scopes, /[\s,]+/),
    groups: wordsIn(groups, /,/),
    ...(email !== undefined && { email }),
  };
}

/** What its token would grant. */
export function grantsOf(
  { scopes, groups, email }: Caller,
  rules: GrantRules,
): Grants {
  const claim = [...rules.options.groupsClaim].reverse()
    .reduce<unknown>((inner, name) => ({ [name]: inner }), groups);
  const claims = {
    ...claim as object,
    scope: scopes.join(" "),
    ...(email !== undefined && { email, email_verified: true }),
  };
  return grantsIn(claims, rules);
}

/** Such as `a caller with scopes "a", "b", group "x"`. */
export function callerText({ scopes, groups, email }: Caller): string {
  const said = [
    listed("scope", scopes),
    listed("group", groups),
    email === undefined ? "" : `address ${JSON.stringify(email)}`,
  ].filter((text) => text !== "");
  return said.length === 0
    ? "a caller without scopes"
    : `a caller with ${said.join(", ")}`;
}

function listed(what: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const quoted = names.map((name) => JSON.stringify(name)).join(", ");
  return `${what}${names.length === 1 ? "" : "s"} ${quoted}`;
}

function wordsIn(text: string | undefined, between: RegExp): string[] {
  const words = (text ?? "").split(between).map((word) => word.trim());
  return [...new Set(words)].filter((word) => word !== "");
}
