// What is wrong with what was typed, and what may have been meant.

import {
  isOption,
  optionsOf,
  typedCommands,
  valueOf,
} from "./command_table.ts";
import type { Word } from "./command_table.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { noSuchTokenOption } from "./token_arguments.ts";

/** An option as it was typed. */
export interface TypedOption {
  readonly name: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/** Throws a `CommandError` where the command has no such option, or where its value is missing or not wanted. */
export async function checkOption(
  { name, value, inlineValue }: TypedOption,
  word: Word,
): Promise<void> {
  if (!isOption(name)) throw await unknownOption(name, word);
  if (!optionsOf(word).includes(name)) {
    throw wrong(`${nameOf(word)} has no option -${name}`);
  }
  const wanted = valueOf(name);
  if (wanted === undefined) {
    if (value !== undefined) throw wrong(`-${name} takes no value`);
    return;
  }
  // `-` alone is standard input.
  const isNextOption = !inlineValue && value?.startsWith("-") && value !== "-";
  if (value && !isNextOption) return;
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

/** How a command is called. */
export function nameOf(word: Word): string {
  return word === "serve" ? "mcp-front" : `mcp-front ${word}`;
}

/** For a word that is no command and stands where none is wanted. */
export async function strayArgument(value: string): Promise<CommandError> {
  if (/\.jsonc?$/.test(value)) {
    return wrong(
      `"${value}" is not an option`,
      `did you mean -config ${value}?`,
    );
  }
  const guess = await closestOf(value, typedCommands());
  return wrong(
    `there is no command "${value}"`,
    guess
      ? `did you mean mcp-front ${guess}?`
      : "to run the gateway, write mcp-front -config FILE",
  );
}

async function closestOf(
  value: string,
  names: readonly string[],
): Promise<string | undefined> {
  // Loaded only now, with the libraries it brings: most command lines are right.
  const { closest } = await import("../config/closest.ts");
  return closest(value, [...names]);
}

/** The error of who typed something else than can be typed. */
export function wrong(message: string, hint?: string): CommandError {
  return new CommandError(
    message,
    hint ?? "mcp-front -help shows what there is",
    EXIT_CODES.usage,
  );
}
