// From what was typed to what is to be done.

import { parseArgs } from "node:util";
import { CommandError, EXIT_CODES } from "./command_error.ts";

/** What is to be done. */
export type Command =
  | { readonly kind: "serve" | "validate"; readonly file?: string }
  | { readonly kind: "version" | "help" };

const OPTIONS = {
  config: { type: "string" },
  validate: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Option = keyof typeof OPTIONS;

interface Typed {
  readonly name: string;
  /** As it was typed, without its value. */
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/** Reads the arguments; every option may have one dash or two. Throws a `CommandError`. */
export async function parseArguments(
  args: readonly string[],
): Promise<Command> {
  const { tokens, values } = parseArgs({
    args: args.map(withTwoDashes),
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") throw strayArgument(token.value);
    if (token.kind !== "option") continue;
    await checkOption(token);
    if (seen.has(token.name)) throw wrong(`-${token.name} is given twice`);
    seen.add(token.name);
  }
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const kind = values.validate ? "validate" : "serve";
  return { kind, file: values.config as string | undefined };
}

/** Without this `-config` would be read as `-c -o -n -f -i -g`. */
function withTwoDashes(argument: string): string {
  return /^-[a-z]{2}/i.test(argument) ? `-${argument}` : argument;
}

async function checkOption(
  { name, value, inlineValue }: Typed,
): Promise<void> {
  if (!isOption(name)) throw await unknownOption(name);
  if (OPTIONS[name].type === "boolean") {
    if (value !== undefined) throw wrong(`-${name} takes no value`);
    return;
  }
  const isNextOption = !inlineValue && value?.startsWith("-");
  if (!value || isNextOption) {
    throw wrong(
      `-${name} needs a file name`,
      `write -${name} FILE, or -${name}=FILE where the name begins with a dash`,
    );
  }
}

function isOption(name: string): name is Option {
  return Object.hasOwn(OPTIONS, name);
}

async function unknownOption(name: string): Promise<CommandError> {
  // Loaded only now, with the libraries it brings: most command lines are right.
  const { closest } = await import("../config/closest.ts");
  const guess = closest(name, Object.keys(OPTIONS));
  const hint = guess && `did you mean -${guess}?`;
  return wrong(`there is no option -${name}`, hint);
}

function strayArgument(value: string): CommandError {
  return wrong(
    `"${value}" is not an option`,
    /\.jsonc?$/.test(value)
      ? `did you mean -config ${value}?`
      : "to name a configuration, write -config FILE",
  );
}

function wrong(message: string, hint?: string): CommandError {
  return new CommandError(
    message,
    hint ?? "mcp-front -help shows what there is",
    EXIT_CODES.usage,
  );
}
