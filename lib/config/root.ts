// `proxy.root`: how the root endpoint names what its servers offer.

import { DEFAULT_NAMING } from "../backends/aggregate/naming.ts";
import type {
  NamingOptions,
  PrefixScheme,
} from "../backends/aggregate/naming.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { RootDraft } from "./schema.ts";
import type { Text } from "./text.ts";

const ROOT_PATH: Path = ["proxy", "root"];

/** What `prefix` may be. */
export const SCHEMES: readonly PrefixScheme[] = [
  "always",
  "on-conflict",
  "never",
];

/** What `separator` may be. */
export const SEPARATOR = /^[a-zA-Z0-9_-]{1,8}$/;

/** The least `nameLength`; it leaves room for a hash and some letters. */
export const SHORTEST_NAME = 24;
/** The greatest; no client takes more. */
export const LONGEST_NAME = 128;

/** Reads `proxy.root`; what is not said, or wrong, has its default. */
export function readRoot(
  draft: RootDraft | undefined,
  report: Report,
): NamingOptions {
  const { prefix, separator, nameLength } = draft ?? {};
  return {
    prefix: readPrefix(prefix, report) ?? DEFAULT_NAMING.prefix,
    separator: readSeparator(separator, report) ?? DEFAULT_NAMING.separator,
    nameLength: readLength(nameLength, report) ?? DEFAULT_NAMING.nameLength,
  };
}

function readPrefix(
  text: Text | undefined,
  report: Report,
): PrefixScheme | undefined {
  if (text?.value === undefined) return undefined;
  const found = SCHEMES.find((scheme) => scheme === text.value);
  if (found === undefined) {
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted "always", "on-conflict" or "never"`,
    );
  }
  return found;
}

function readSeparator(
  text: Text | undefined,
  report: Report,
): string | undefined {
  if (text?.value === undefined || SEPARATOR.test(text.value)) {
    return text?.value;
  }
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted 1 to 8 of A-Z a-z 0-9 _ -`,
    { hint: "clients take no other characters in the name of a tool" },
  );
  return undefined;
}

function readLength(
  found: number | undefined,
  report: Report,
): number | undefined {
  if (found === undefined) return undefined;
  const fits = Number.isInteger(found) && found >= SHORTEST_NAME &&
    found <= LONGEST_NAME;
  if (fits) return found;
  report.error(
    [...ROOT_PATH, "nameLength"],
    `found ${found}, wanted a whole number from ${SHORTEST_NAME} to ${LONGEST_NAME}`,
  );
  return undefined;
}
