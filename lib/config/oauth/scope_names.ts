// What the name of a scope of access tokens may be.

import type { Report } from "../report.ts";
import type { Path } from "../path.ts";

/** A scope-token (RFC 6749 § 3.3): visible ASCII without double quote and backslash. */
export const SCOPE_NAME = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether the text is one; else that is told, at the key or value. `source` is where it comes from, as messages end. */
export function checkScopeName(
  name: string,
  { path, at, source = "" }: {
    readonly path: Path;
    readonly at: "key" | "value";
    readonly source?: string;
  },
  report: Report,
): boolean {
  if (SCOPE_NAME.test(name)) return true;
  const found = name === ""
    ? "an empty scope"
    : /\s/.test(name)
    ? "white space in a scope"
    : "a character in a scope that is not visible ASCII, or a double quote " +
      "or backslash";
  report.error(path, `found ${found}${source}`, {
    at,
    hint: "each scope stands by itself, as the issuer writes it",
  });
  return false;
}
