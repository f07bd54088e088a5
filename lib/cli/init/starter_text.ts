// The text of a new configuration.

import { hashText } from "../../config/token_hash.ts";
import starter from "./starter.jsonc" with { type: "text" };

/** The name of the token in it. */
export const STARTER_TOKEN = "dev";

/** What is put into it. */
export interface StarterParts {
  /** The commands that check the file and run with it, for its first lines. */
  readonly commands: readonly [check: string, run: string];
  /** The token itself; the file gets its hash. */
  readonly token: string;
  /** The members of `mcpServers`, with a line break at the end; absent for the sample database and some examples. */
  readonly servers?: string;
}

/** What stands around the members of `mcpServers`. */
const SERVERS = /(?<="mcpServers": \{\n)[^]*(?=^ {2}\}\n\}\n$)/m;

/** The text. */
export function starterText(
  { commands: [check, run], token, servers }: StarterParts,
): string {
  const text = filledIn({
    CHECK_COMMAND: check,
    RUN_COMMAND: run.padEnd(check.length),
    HASH_OF_TOKEN: hashText(token),
  });
  return servers === undefined ? text : text.replace(SERVERS, () => servers);
}

/** The file, with something for each word in capitals; what is put in may have such words, too. */
function filledIn(values: Readonly<Record<string, string>>): string {
  const words = new RegExp(Object.keys(values).join("|"), "g");
  return starter.replaceAll(words, (word) => values[word] as string);
}
