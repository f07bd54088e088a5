// What can be typed, as the scripts that complete it need it.

import {
  COMMANDS,
  isRepeatable,
  OPTIONS,
  optionsOf,
  typedCommands,
  valueOf,
} from "../command_table.ts";
import type { Option, ValueSource, Word } from "../command_table.ts";

/** A word, and what it does. */
export interface Typable {
  readonly text: string;
  readonly does: string;
}

/** What may follow a command; "serve" is the one that goes without saying. */
export interface CommandTypable {
  readonly command: Word;
  readonly options: readonly (Typable & { readonly text: Option })[];
  /** Of these one follows. */
  readonly words: readonly Typable[];
}

/** An option with a value. */
export interface ValuedOption {
  readonly option: Option;
  /** Absent where nothing can be proposed. */
  readonly from?: ValueSource;
}

/** Every command that a person may have typed, the one that goes without saying first. */
export function typableCommands(): CommandTypable[] {
  return (["serve", ...typedCommands()] as const).map((command) => ({
    command,
    options: optionsFor(command).map((option) => ({
      text: option,
      does: OPTIONS[option].does,
    })),
    words: wordsOf(command),
  }));
}

/** The options that take a value. */
export function valuedOptions(): ValuedOption[] {
  return (Object.keys(OPTIONS) as Option[]).flatMap((option) => {
    const value = valueOf(option);
    return value === undefined ? [] : [{ option, from: value.from }];
  });
}

/** The options that may be given several times. */
export function repeatableOptions(): Option[] {
  return (Object.keys(OPTIONS) as Option[]).filter(isRepeatable);
}

/** What goes without saying is the gateway for a configuration, or for a command. */
function optionsFor(command: Word): readonly Option[] {
  if (command !== "serve") return optionsOf(command);
  return [...new Set([...optionsOf("serve"), ...optionsOf("front")])];
}

function wordsOf(command: Word): Typable[] {
  if (command === "serve") {
    return typedCommands().map((word) => ({
      text: word,
      does: COMMANDS[word].does,
    }));
  }
  const entry = COMMANDS[command];
  const words: readonly string[] = "words" in entry ? entry.words : [];
  return words.map((text) => ({ text, does: entry.does }));
}
