// An option as it was typed, held against what its command takes.

import { closestOf, wrong } from "./argument_errors.ts";
import type { CommandError } from "./command_error.ts";
import { isOption, optionsOf, valueOf } from "./command_table.ts";
import type { Option, Word } from "./command_table.ts";
import { noSuchTokenOption } from "./token_arguments.ts";

/** An option. */
export interface TypedOption {
  readonly name: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/** Throws a `CommandError` for one that does not exist, does not belong here, or lacks its value. */
export async function checkOption(
  { name, value, inlineValue }: TypedOption,
  word: Word,
): Promise<void> {
  if (!isOption(name)) throw await unknownOption(name, word);
  if (!optionsOf(word).includes(name)) {
    throw wrong(`${titleOf(word)} has no option -${name}`, hintFor(name, word));
  }
  const wanted = valueOf(name);
  if (wanted === undefined) {
    if (value !== undefined) {
      throw wrong(`-${name} takes no value`, `write -${name} alone`);
    }
    return;
  }
  // `-` alone is standard input.
  const isNextOption = !inlineValue && value?.startsWith("-") && value !== "-";
  const isThere = value !== undefined && (value !== "" || wanted.mayBeEmpty);
  if (isThere && !isNextOption) return;
  const { what, sign } = wanted;
  throw wrong(
    `-${name} needs ${what}`,
    `write -${name} ${sign}, or -${name}=${sign} where the name begins with a dash`,
  );
}

async function unknownOption(name: string, word: Word): Promise<CommandError> {
  if (word === "token") return noSuchTokenOption();
  const guess = await closestOf(name, optionsOf(word));
  const hint = guess && `did you mean -${guess}?`;
  return wrong(`there is no option -${name}`, hint);
}

/** As the command is typed. */
export function titleOf(word: Word): string {
  if (word === "serve") return "mcp-front";
  return word === "front" ? "mcp-front -- COMMAND" : `mcp-front ${word}`;
}

function hintFor(option: Option, word: Word): string | undefined {
  if (word === "front") {
    return "it needs no configuration; to have one, write the command into " +
      "its mcpServers, and leave the two dashes out";
  }
  if (option !== "port") return undefined;
  return "it goes before a command: mcp-front -port PORT -- COMMAND; " +
    "of a configuration it is in proxy.addr";
}
