// Lists of texts in which nothing may stand twice, and which say nothing where they are empty.

import type { Path } from "../path.ts";
import type { Report } from "../report.ts";
import type { Text } from "../text.ts";
import { AUTH_PATH } from "../auth_kind.ts";

/** What one text means; undefined where that was told as a problem. */
type ReadOne = (text: Text, value: string) => string | undefined;

/** The list at this key of `proxy.auth`; undefined where there is none. */
export function readList(
  texts: readonly Text[] | undefined,
  key: string,
  report: Report,
  read: ReadOne,
): string[] | undefined {
  return texts && readListAt(texts, [...AUTH_PATH, key], report, read);
}

/** What the texts mean, each once. An empty list is a problem: it could mean all or nobody. */
export function readListAt(
  texts: readonly Text[],
  path: Path,
  report: Report,
  read: ReadOne,
): string[] {
  if (texts.length === 0) {
    report.error(path, "found an empty list, wanted at least one", {
      hint: `leave "${path.at(-1)}" out where nothing is wanted`,
    });
  }
  const found = texts.map((text) =>
    text.value === undefined ? undefined : read(text, text.value)
  );
  return [...new Set(found.filter((one) => one !== undefined))];
}
