// What to write instead of a name that nothing has: the one that was probably meant, or those there are.

import { closest } from "./closest.ts";
import type { Report } from "./report.ts";

const MAX_NAMES_SHOWN = 10;

/** The hint for a mistyped name; `kind` is what has names here, such as `token`. */
export function nameHint(
  name: string,
  names: Iterable<string>,
  kind: string,
  report: Report,
): string {
  const all = [...names];
  const meant = closest(name, all);
  if (meant !== undefined) return `did you mean ${report.quoteKey(meant)}?`;
  const shown = all.slice(0, MAX_NAMES_SHOWN)
    .map((one) => report.quoteKey(one));
  const rest = all.length - shown.length;
  if (rest > 0) shown.push(`${rest} more`);
  return shown.length === 0
    ? `there is no ${kind}`
    : `there are ${shown.join(", ")}`;
}
