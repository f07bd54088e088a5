// `mcp-front init`: a configuration that works as it is, with a token of its own.

import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { hashText } from "../config/token_hash.ts";
import { calledAs } from "../runtime/this_program.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { DEFAULT_FILES } from "./config_file.ts";
import { makeToken } from "./make_token.ts";
import { print } from "./print.ts";
import { shellWord } from "./shell_word.ts";
import starter from "./starter.jsonc" with { type: "text" };

/** What may open the gateway is nobody else's business, be it a hash. */
const OWNER_ONLY = 0o600;

/** Writes the file, which must not exist yet, and says what to do next. Throws a `CommandError`. */
export async function init(named: string | undefined): Promise<ExitCode> {
  const file = named ?? usualFile();
  const commands = nextCommands(named);
  const token = makeToken();
  const [check, run] = commands;
  await writeNew(
    file,
    filledIn({
      CHECK_COMMAND: check,
      RUN_COMMAND: run.padEnd(check.length),
      HASH_OF_TOKEN: hashText(token),
    }),
  );
  await print("stdout", nextSteps(file, token, commands));
  return EXIT_CODES.done;
}

/** The file, with something for each word in capitals; what is put in may have such words, too. */
function filledIn(values: Readonly<Record<string, string>>): string {
  const words = new RegExp(Object.keys(values).join("|"), "g");
  return starter.replaceAll(words, (word) => values[word] as string);
}

/** The first of the files that are found by themselves. None of them may be there: it would be passed over from now on. */
function usualFile(): string {
  const existing = DEFAULT_FILES.find((name) => existsSync(name));
  if (existing !== undefined) throw exists(existing);
  return DEFAULT_FILES[0];
}

/** To check the file, and to run with it. */
function nextCommands(named: string | undefined): readonly [string, string] {
  const program = shellWord(calledAs());
  const option = named === undefined ? "" : ` ${configOption(named)}`;
  const commands = [`${program} check${option}`, `${program}${option}`];
  return commands.map(escapeInvisible) as [string, string];
}

function configOption(file: string): string {
  const separator = file.startsWith("-") ? "=" : " ";
  return `-config${separator}${shellWord(file)}`;
}

function nextSteps(
  file: string,
  token: string,
  commands: readonly string[],
): string {
  const lines = commands.map((command) => `  ${command}\n`);
  return `\
${escapeInvisible(file)} is written: a sample database behind the token "dev".
The token is shown only this once, as the file has nothing but its hash:

    ${token}

What to do next:

${lines.join("")}`;
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, "wx", OWNER_ONLY);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === "EEXIST" ? exists(file) : cannotWrite(file, code);
  }
}

function exists(file: string): CommandError {
  return new CommandError(
    `${file} exists already`,
    "write another file: mcp-front init -config FILE",
    EXIT_CODES.failed,
  );
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "its folder does not exist"],
  ["ENOTDIR", "its folder does not exist"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "this user may not write there"],
  ["EPERM", "this user may not write there"],
  ["EROFS", "its disk can only be read"],
  ["ENOSPC", "its disk is full"],
]);

function cannotWrite(file: string, code: unknown): CommandError {
  return new CommandError(
    `cannot write ${file}: ${REASONS.get(code) ?? code}`,
    "name a file in a folder that you may write to: mcp-front init -config FILE",
    EXIT_CODES.failed,
  );
}
