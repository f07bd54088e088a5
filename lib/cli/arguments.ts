// From what was typed to what is to be done.

import { parseArgs } from "node:util";
import type { CheckOptions } from "./check.ts";
import { strayArgument, wrong } from "./argument_errors.ts";
import {
  COMMANDS,
  isRepeatable,
  OPTIONS,
  runsCommand,
} from "./command_table.ts";
import type { Word } from "./command_table.ts";
import { isCommand, splitAtCommand } from "./command_words.ts";
import type { ConnectOptions } from "./connect.ts";
import type { ExecOptions } from "./exec.ts";
import type { ExplainOptions } from "./explain.ts";
import { frontArguments } from "./front_arguments.ts";
import type { FrontOptions } from "./front_arguments.ts";
import type { InitOptions } from "./init.ts";
import { isMark } from "../runtime/mark.ts";
import { tokenArguments } from "./token_arguments.ts";
import type { TokenOptions } from "./token_arguments.ts";
import type { TokensOptions } from "./tokens.ts";
import { checkOption, titleOf } from "./typed_option.ts";

/** What is to be done. */
export type Command =
  | { readonly kind: "serve"; readonly file?: string }
  | { readonly kind: "front" } & FrontOptions
  | { readonly kind: "validate"; readonly file?: string }
  | { readonly kind: "init" } & InitOptions
  | { readonly kind: "check" } & CheckOptions
  | { readonly kind: "explain" } & ExplainOptions
  | { readonly kind: "connect" } & ConnectOptions
  | { readonly kind: "exec" } & ExecOptions
  | { readonly kind: "tokens" } & TokensOptions
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
  const { own, after } = splitAtCommand(args);
  const { tokens, values, positionals } = parseArgs({
    args: own.map(withTwoDashes),
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const word = commandWord(positionals[0]);
  const isFront = after !== undefined && positionals.length === 0;
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    await checkOption(token, isFront ? "front" : word);
    if (seen.has(token.name) && !isRepeatable(token.name)) {
      throw wrong(`-${token.name} is given twice`, "write it once");
    }
    seen.add(token.name);
  }
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  if (isFront) return { kind: "front", ...frontArguments(after, values) };
  const rest = positionals.slice(word === "serve" ? 0 : 1);
  if (after !== undefined && word !== "serve" && !runsCommand(word)) {
    throw wrong(
      `${titleOf(word)} runs no command`,
      "to run one that uses the servers, write mcp-front exec -- COMMAND",
    );
  }
  if (takesWord(word)) return wordedCommand(word, rest, values as Values);
  if (word === "exec") return execCommand(rest, after, values as Values);
  for (const value of rest) throw await strayArgument(value);
  return plainCommand(word, values as Values);
}

/** The options once they are checked. */
interface Values {
  readonly config?: string;
  readonly token?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly scopes?: string;
  readonly groups?: string;
  readonly email?: string;
  readonly client?: string;
  readonly only?: readonly string[];
  readonly summary?: readonly string[];
  readonly log?: readonly string[];
  readonly import?: boolean;
  readonly connect?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly validate?: boolean;
}

/** All but the one that is told by dashes. */
type TypedWord = Exclude<Word, "front">;

/** The commands that a word follows. */
type WordedWord = "token" | "demo" | "completions" | "names" | "reaper";

function takesWord(word: TypedWord): word is WordedWord {
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
      throw wrong(
        "the names of what?",
        "write mcp-front names tokens or mcp-front names servers",
      );
    }
  }
}

/** What is to be run may not stand before `--`: it could have options of our names. */
function execCommand(
  rest: readonly string[],
  after: readonly string[] | undefined,
  { config: file, token, only = [], summary: summaries = [], log = [] }: Values,
): Command {
  if (rest.length > 0 || !isCommand(after)) {
    throw wrong(
      rest.length > 0 && after === undefined
        ? "-- is wanted before the command that is to be run"
        : "which command is to be run?",
      "write mcp-front exec -- COMMAND, with its arguments after it",
    );
  }
  const [logFile, another] = log;
  if (another !== undefined) {
    throw wrong("-log is given twice", "write it once");
  }
  return { kind: "exec", file, token, only, summaries, logFile, words: after };
}

function plainCommand(
  word: Exclude<TypedWord, WordedWord | "exec">,
  values: Values,
): Command {
  const { config: file, token, server, tool, client, json } = values;
  const format = json ? "json" : "table";
  switch (word) {
    case "serve":
      return { kind: values.validate ? "validate" : "serve", file };
    case "init": {
      const servers = values.import ? "imported" : "sample";
      return { kind: word, file, servers, client };
    }
    case "schema":
      return { kind: word };
    case "check":
      return { kind: word, file, token, format };
    case "tokens":
      return { kind: word, file, logs: values.log ?? [], format };
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
      const { scopes, groups, email } = values;
      const caller = { scopes, groups, email };
      return { kind: word, file, token, caller, server, tool, source, format };
    }
  }
}

/** Without this `-config` would be read as `-c -o -n -f -i -g`. */
function withTwoDashes(argument: string): string {
  return /^-[a-z]{2}/i.test(argument) ? `-${argument}` : argument;
}

function commandWord(first = "serve"): TypedWord {
  const isCommand = Object.hasOwn(COMMANDS, first) && first !== "front";
  return isCommand ? first as TypedWord : "serve";
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
  throw wrong(
    "mcp-front starts its reaper by itself",
    "leave this command to it; mcp-front -help shows the others",
  );
}
