// Texts of an entry of a client.

import { isMembers } from "./client_file.ts";
import type { Templates } from "./draft.ts";
import { LeftOut } from "./left_out.ts";
import type { Syntax } from "./syntaxes.ts";
import { templateOf } from "./template.ts";
import type { Template } from "./template.ts";

/** A text of an entry. Numbers and the like are taken as they would be written. */
export function readText(
  value: unknown,
  what: string,
  syntax: Syntax,
): Template {
  if (typeof value === "string") return syntax(value);
  if (["number", "bigint", "boolean"].includes(typeof value)) {
    return templateOf([String(value)]);
  }
  throw new LeftOut(`"${what}" is no text`);
}

/** Texts by name; none where there is nothing. */
export function readTexts(
  value: unknown,
  what: string,
  syntax: Syntax,
): Templates {
  if (value === undefined || value === null) return {};
  if (!isMembers(value)) throw new LeftOut(`"${what}" is no object`);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [
      name,
      readText(text, `${what}.${name}`, syntax),
    ]),
  );
}
