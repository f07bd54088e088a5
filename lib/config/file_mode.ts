// Who else may use a file that holds a secret.

import type { Path } from "./path.ts";
import type { Report } from "./report.ts";

/** The permission bits of all but the owner. */
const OTHERS = 0o077;

/** Warns of a file that others than its owner may use; without a mode nothing is known. */
export function warnOfMode(
  mode: number | undefined,
  path: Path,
  report: Report,
): void {
  if (mode === undefined || (mode & OTHERS) === 0) return;
  const shown = mode.toString(8).padStart(4, "0");
  const message = `others than its owner may use the file (mode ${shown})`;
  report.warn(path, message, { hint: "chmod 600" });
}
