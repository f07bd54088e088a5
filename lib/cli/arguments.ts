// From what was typed to what is to be done.

import { parseArgs } from "node:util";
import type { CheckOptions } from "./check.ts";
import type { ExplainOptions } from "./explain.ts";
import { isMark } from "../runtime/mark.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { noSuchTokenOption, tokenArguments } from "./token_arguments.ts";
import type { TokenOptions } from "./token_arguments.ts";

/** What is to be done. */
export type Command =
  | { readonly kind: "serve" | "validate" | "init"; readonly file?: string }
  | { readonly kind: "check" } & CheckOptions
  | { readonly kind: "explain" } & ExplainOptions
  | { readonly kind: "token" } & TokenOptions
  | { readonly kind: "demo"; readonly part: DemoPart }
  | { readonly kind: "reaper"; readonly mark: string }
  | { readonly kind: "version" | "help" };

/** The database server, or the process of its own in which it runs one statement. */
export type DemoPart = typeof DEMO_PARTS[number];

const DEMO_PARTS = ["database", "statement"] as const;

const OPTIONS = {
  config: { type: "string" },
  token: { type: "string" },
  server: { type: "string" },
  tool: { type: "string" },
  connect: { type: "boolean" },
  json: { type: "boolean" },
  plain: { type: "boolean" },
  validate: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Option = keyof typeof OPTIONS;

/** What may follow each command; "serve" and "reaper" are those that nobody types. */
const COMMANDS = {
  serve: ["config", "validate", "version", "help"],
  reaper: [],
  check: ["config", "token", "json", "help"],
  explain: ["config", "token", "server", "tool", "connect", "json", "help"],
  demo: ["help"],
  init: ["config", "help"],
  token: ["plain", "help"],
} as const satisfies Record<string, readonly Option[]>;

const UNTYPED = ["serve", "reaper"];

type Word = keyof typeof COMMANDS;

/** What the option's value is, for who forgot it. */
const VALUES: Readonly<Partial<Record<Option, [string, string]>>> = {
  config: ["a file name", "FILE"],
  token: ["the name of a token", "NAME"],
  server: ["the name of a server", "NAME"],
  tool: ["the name of a tool", "NAME"],
};

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
  if (word === "demo") return { kind: "demo", part: demoPart(rest) };
  if (word === "token") {
    const { plain } = values as Values;
    return { kind: "token", ...tokenArguments(rest, plain) };
  }
  if (word === "reaper") return { kind: "reaper", mark: markIn(rest) };
  for (const value of rest) throw await strayArgument(value);
  return commandOf(word, values as Values);
}

/** The options once they are checked. */
interface Values {
  readonly config?: string;
  readonly token?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly connect?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly validate?: boolean;
}

function commandOf(
  word: Exclude<Word, "demo" | "reaper" | "token">,
  { config: file, token, json, validate, connect, ...names }: Values,
): Command {
  if (word === "init") return { kind: "init", file };
  if (word === "serve") return { kind: validate ? "validate" : "serve", file };
  const format = json ? "json" : "table";
  if (word === "check") return { kind: "check", file, token, format };
  const { server, tool } = names;
  const source = connect ? "servers" : "rules";
  return { kind: "explain", file, token, server, tool, source, format };
}

/** Without this `-config` would be read as `-c -o -n -f -i -g`. */
function withTwoDashes(argument: string): string {
  return /^-[a-z]{2}/i.test(argument) ? `-${argument}` : argument;
}

function commandWord(first = "serve"): Word {
  return Object.hasOwn(COMMANDS, first) ? first as Word : "serve";
}

function demoPart([part, ...others]: readonly string[]): DemoPart {
  const found = DEMO_PARTS.find((one) => one === part);
  if (found !== undefined && others.length === 0) return found;
  throw wrong("what to demonstrate?", "write mcp-front demo database");
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
  if (!isOption(name)) {
    throw word === "token"
      ? noSuchTokenOption()
      : await unknownOption(name, word);
  }
  const allowed: readonly Option[] = COMMANDS[word];
  if (!allowed.includes(name)) {
    const whole = word === "serve" ? "mcp-front" : `mcp-front ${word}`;
    throw wrong(`${whole} has no option -${name}`);
  }
  const wanted = VALUES[name];
  if (wanted === undefined) {
    if (value !== undefined) throw wrong(`-${name} takes no value`);
    return;
  }
  const isNextOption = !inlineValue && value?.startsWith("-");
  if (value && !isNextOption) return;
  const [what, sign] = wanted;
  throw wrong(
    `-${name} needs ${what}`,
    `write -${name} ${sign}, or -${name}=${sign} where the name begins with a dash`,
  );
}

function isOption(name: string): name is Option {
  return Object.hasOwn(OPTIONS, name);
}

async function unknownOption(name: string, word: Word): Promise<CommandError> {
  const guess = await closestOf(name, COMMANDS[word]);
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
  const words = Object.keys(COMMANDS).filter((word) => !UNTYPED.includes(word));
  const guess = await closestOf(value, words);
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
