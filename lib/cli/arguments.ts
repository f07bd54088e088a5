// From what was typed to what is to be done.

import { parseArgs } from "node:util";
import type { CheckOptions } from "./check.ts";
import {
  COMMANDS,
  isOption,
  OPTIONS,
  optionsOf,
  typedCommands,
  valueOf,
} from "./command_table.ts";
import type { Word } from "./command_table.ts";
import type { ConnectOptions } from "./connect.ts";
import type { ExplainOptions } from "./explain.ts";
import { isMark } from "../runtime/mark.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { noSuchTokenOption, tokenArguments } from "./token_arguments.ts";
import type { TokenOptions } from "./token_arguments.ts";

/** What is to be done. */
export type Command =
  | { readonly kind: "serve"; readonly file?: string }
  | { readonly kind: "validate" | "init"; readonly file?: string }
  | { readonly kind: "check" } & CheckOptions
  | { readonly kind: "explain" } & ExplainOptions
  | { readonly kind: "connect" } & ConnectOptions
  | { readonly kind: "token" } & TokenOptions
  | { readonly kind: "completions"; readonly shell: Shell }
  | { readonly kind: "names"; readonly of: NameKind; readonly file?: string }
  | { readonly kind: "demo"; readonly part: DemoPart }
  | { readonly kind: "reaper"; readonly mark: string }
  | { readonly kind: "schema" }
  | { readonly kind: "version" | "help" };

/** The database server, or the process of its own in which it runs one statement. */
export type DemoPart =
  | typeof COMMANDS.demo.words[number]
  | typeof COMMANDS.demo.innerWords[number];

/** The shells whose command lines can be completed. */
export type Shell = typeof COMMANDS.completions.words[number];

/** What has names in a configuration. */
export type NameKind = typeof COMMANDS.names.innerWords[number];

/** Reads the arguments; every option may have one dash or two. Throws a `CommandError`. */
export async function parseArguments(
  args: readonly string[],
): Promise<Command> {
  const { tokens, values, positionals } = parseArgs({
    args: args.map(withTwoDashes),
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const word = commandWord(positionals[0]);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    await checkOption(token, word);
    if (seen.has(token.name)) throw wrong(`-${token.name} is given twice`);
    seen.add(token.name);
  }
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const rest = positionals.slice(word === "serve" ? 0 : 1);
  if (takesWord(word)) return wordedCommand(word, rest, values as Values);
  for (const value of rest) throw await strayArgument(value);
  return plainCommand(word, values as Values);
}

/** The options once they are checked. */
interface Values {
  readonly config?: string;
  readonly token?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly client?: string;
  readonly connect?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly validate?: boolean;
}

/** The commands that a word follows. */
type WordedWord = "token" | "demo" | "completions" | "names" | "reaper";

function takesWord(word: Word): word is WordedWord {
  return word === "reaper" || "innerWords" in COMMANDS[word] ||
    "words" in COMMANDS[word];
}

function wordedCommand(
  word: WordedWord,
  rest: readonly string[],
  { config: file, plain }: Values,
): Command {
  switch (word) {
    case "reaper":
      return { kind: word, mark: markIn(rest) };
    case "token":
      return { kind: word, ...tokenArguments(rest, plain) };
    case "demo": {
      const { words, innerWords } = COMMANDS.demo;
      const part = oneOf([...words, ...innerWords], rest);
      if (part !== undefined) return { kind: word, part };
      throw wrong("what to demonstrate?", "write mcp-front demo database");
    }
    case "completions": {
      const { words } = COMMANDS.completions;
      const shell = oneOf(words, rest);
      if (shell !== undefined) return { kind: word, shell };
      const commands = words.map((one) => `mcp-front completions ${one}`);
      throw wrong("for which shell?", `write ${commands.join(", ")}`);
    }
    case "names": {
      const of = oneOf(COMMANDS.names.innerWords, rest);
      if (of !== undefined) return { kind: word, of, file };
      throw wrong("the names of what?");
    }
  }
}

function plainCommand(
  word: Exclude<Word, WordedWord>,
  values: Values,
): Command {
  const { config: file, token, server, tool, client, json } = values;
  const format = json ? "json" : "table";
  switch (word) {
    case "serve":
      return { kind: values.validate ? "validate" : "serve", file };
    case "init":
      return { kind: word, file };
    case "schema":
      return { kind: word };
    case "check":
      return { kind: word, file, token, format };
    case "connect":
      return {
        kind: word,
        file,
        token,
        server,
        client,
        format: json ? "json" : "text",
      };
    case "explain": {
      const source = values.connect ? "servers" : "rules";
      return { kind: word, file, token, server, tool, source, format };
    }
  }
}

/** Without this `-config` would be read as `-c -o -n -f -i -g`. */
function withTwoDashes(argument: string): string {
  return /^-[a-z]{2}/i.test(argument) ? `-${argument}` : argument;
}

function commandWord(first = "serve"): Word {
  return Object.hasOwn(COMMANDS, first) ? first as Word : "serve";
}

/** The only word there is, if it is one of these. */
function oneOf<Known extends string>(
  known: readonly Known[],
  [word, ...others]: readonly string[],
): Known | undefined {
  return others.length > 0 ? undefined : known.find((one) => one === word);
}

/** What could be found everywhere is no mark: every process would be taken for a child. */
function markIn([mark = "", ...others]: readonly string[]): string {
  if (isMark(mark) && others.length === 0) return mark;
  throw wrong("mcp-front starts its reaper by itself");
}

/** An option as it was typed. */
interface Typed {
  readonly name: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

async function checkOption(
  { name, value, inlineValue }: Typed,
  word: Word,
): Promise<void> {
  if (!isOption(name)) throw await unknownOption(name, word);
  if (!optionsOf(word).includes(name)) {
    const whole = word === "serve" ? "mcp-front" : `mcp-front ${word}`;
    throw wrong(`${whole} has no option -${name}`);
  }
  const wanted = valueOf(name);
  if (wanted === undefined) {
    if (value !== undefined) throw wrong(`-${name} takes no value`);
    return;
  }
  const isNextOption = !inlineValue && value?.startsWith("-");
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

async function strayArgument(value: string): Promise<CommandError> {
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

function wrong(message: string, hint?: string): CommandError {
  return new CommandError(
    message,
    hint ?? "mcp-front -help shows what there is",
    EXIT_CODES.usage,
  );
}
