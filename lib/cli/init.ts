// `mcp-front init`: a configuration that works as it is, with a token of its own.

import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { print } from "./print.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { shellWord } from "./shell_word.ts";
import starter from "./starter.jsonc" with { type: "text" };

const USUAL_FILE = "config.jsonc";
const TOKEN_BYTES = 32;
/** The file holds a token: nobody but its owner reads it. */
const OWNER_ONLY = 0o600;

/** Writes the file, which must not exist yet, and says what to do next. Throws a `CommandError`. */
export async function init(file = USUAL_FILE): Promise<ExitCode> {
  const name = escapeInvisible(shellWord(file));
  const token = randomBytes(TOKEN_BYTES).toString("base64");
  await writeNew(
    file,
    starter.replaceAll("CONFIG_FILE", name).replaceAll("NEW_TOKEN", token),
  );
  await print("stdout", nextSteps(file, name));
  return EXIT_CODES.done;
}

function nextSteps(file: string, name: string): string {
  const option = file === USUAL_FILE ? "" : ` -config ${name}`;
  return `\
${
    escapeInvisible(file)
  } is written: a sample database behind the token "dev", whose value
stands in the file. What to do next:

  mcp-front check${option}
  mcp-front${option}
`;
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
    throw cannotWrite(file, (error as { code?: unknown }).code);
  }
}

function cannotWrite(file: string, code: unknown): CommandError {
  const { failed } = EXIT_CODES;
  if (code === "EEXIST") {
    return new CommandError(
      `${file} exists already`,
      "write another file: mcp-front init -config FILE",
      failed,
    );
  }
  return new CommandError(
    `cannot write ${file} (${code})`,
    "name a file in a folder that you may write to: mcp-front init -config FILE",
    failed,
  );
}
