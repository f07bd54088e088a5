// What is in the file that a key of the configuration names by its path.

import { PEM_BEGINNING } from "./pem.ts";
import type { PemFlaw } from "./pem.ts";
import type { Text } from "./text.ts";
import { refuseTilde } from "./tilde.ts";
import type { ValueContext } from "./values.ts";

/** What was found in a file. */
export interface NamedFile<Found> {
  readonly found: Found;
  /** Its permission bits; absent where the platform has none. */
  readonly mode?: number;
}

/**
 * Reads the file of `text` by `read`. Undefined where that is a problem, and where no file is looked at. Neither its
 * path nor what it holds is shown: either may be a secret that was put into the wrong place.
 */
export function readNamedFile<Found extends object>(
  text: Text,
  read: (content: string) => Found | PemFlaw,
  context: ValueContext,
): NamedFile<Found> | undefined {
  const path = pathIn(text, context);
  if (path === undefined || context.environment === "unknown") return undefined;
  const { reading } = context.files.read(path);
  const refuse = (problem: string, hint: string) =>
    context.report.error(text.path, `the file cannot be used: ${problem}`, {
      hint,
    });
  if ("problem" in reading) {
    refuse(reading.problem, "relative paths begin at the folder of this file");
    return undefined;
  }
  const found = read(reading.text);
  if ("flaw" in found) {
    refuse(found.flaw, found.hint);
    return undefined;
  }
  return { found, mode: reading.mode };
}

function pathIn(text: Text, { report }: ValueContext): string | undefined {
  if (text.file !== undefined) {
    report.error(text.path, "found what is in a file, wanted its path", {
      hint: 'write the path without "$file:"',
    });
    return undefined;
  }
  if (text.value?.includes(PEM_BEGINNING)) {
    report.error(text.path, `found a PEM text${text.source}, wanted a path`, {
      hint: "write it to a file of its own",
    });
    return undefined;
  }
  return refuseTilde(text, report) ? undefined : text.value;
}
