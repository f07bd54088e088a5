// The environment variable from which a client takes its token.

import type { Token } from "../../auth/token.ts";
import { escapeInvisible } from "../../telemetry/loggable.ts";

/** Its name. */
export const TOKEN_VARIABLE = "MCP_TOKEN";

/** What a client sends, as one word of a shell command line that reads the variable. */
export const SHELL_HEADER = `"Authorization: Bearer $${TOKEN_VARIABLE}"`;

/** A token, and where its owner finds it. */
export interface NamedToken {
  readonly name: string;
  /** The config file, as the operator named it. */
  readonly file: string;
  /** Whether the file has nothing but its hash, as far as that is known. */
  readonly isHashed: boolean;
}

/** The token of this name; `tokens` has those that are known. */
export function namedToken(
  name: string,
  file: string,
  tokens: ReadonlyMap<string, Token | undefined>,
): NamedToken {
  const token = tokens.get(name);
  const isHashed = token !== undefined && token.value === undefined;
  return { name, file, isHashed };
}

/** The line that sets it, with the value left out. */
export function exportLine({ name, file, isHashed }: NamedToken): string {
  const place = isHashed
    ? `the token "${name}"; ${file} has its hash`
    : `the value of token "${name}" in ${file}`;
  return escapeInvisible(`export ${TOKEN_VARIABLE}=…  # ${place}`);
}
