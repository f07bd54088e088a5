// Secrets that stand in a draft as they are.

import { formatPath } from "../../config/path.ts";
import { HARMLESS_VALUE, SECRET_NAME } from "../secret_guess.ts";
import { textsOf } from "./draft.ts";
import type { ServerDraft } from "./draft.ts";
import { literalOf } from "./template.ts";

/** How the tokens of some services begin. */
const KNOWN_TOKEN =
  /(?:^|[\s=:"'])(?:gh[opsu]_|github_pat_|glpat-|sk-|xox[abp]-|AKIA|eyJ[\w-]{10})/;

/** A url with a password, or with a secret in its query. */
const PASSWORD_IN_URL = /:\/\/[^/?#\s:@]*:[^/?#\s@]+@/;
const SECRET_IN_QUERY = new RegExp(
  `[?&][\\w.-]*(?:${SECRET_NAME.source})[\\w.-]*=[^&#\\s]`,
  "i",
);

/** `--api-key=VALUE`; where the value is the next argument there is nothing after the name. */
const OPTION = /^--?([\w.-]+)(?:=(.*))?$/s;

/** Where they stand, as paths in our configuration; a guess by names and forms. */
export function plainSecrets(name: string, draft: ServerDraft): string[] {
  const { args = [] } = draft;
  return textsOf(draft).flatMap(([path, text]) => {
    const value = literalOf(text);
    if (value === undefined) return [];
    const [key, step] = path;
    const before = key === "args" && typeof step === "number"
      ? literalOf(args[step - 1] ?? [])
      : undefined;
    const title = key === "args" ? optionBefore(before) : String(step ?? "");
    return isSecret(title, value)
      ? [formatPath(["mcpServers", name, ...path])]
      : [];
  });
}

function isSecret(title: string, text: string): boolean {
  const [, option, value] = OPTION.exec(text) ?? [];
  if (option !== undefined && value !== undefined && isNamed(option, value)) {
    return true;
  }
  return isNamed(title, text) || KNOWN_TOKEN.test(text) ||
    PASSWORD_IN_URL.test(text) || SECRET_IN_QUERY.test(text);
}

function isNamed(name: string, value: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_VALUE.test(value) &&
    !OPTION.test(value);
}

/** The name of the option whose value follows. */
function optionBefore(argument = ""): string {
  const [, option = "", value] = OPTION.exec(argument) ?? [];
  return value === undefined ? option : "";
}
