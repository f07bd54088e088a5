// A file that is written only where there was none.

import { open } from "node:fs/promises";
import { CommandError, EXIT_CODES } from "../command_error.ts";

/** What may open the gateway is nobody else's business, be it a hash. */
const OWNER_ONLY = 0o600;

/** Writes the file for its owner alone. Throws a `CommandError` where that cannot be, or where it is there already. */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, "wx", OWNER_ONLY);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === "EEXIST" ? fileExists(file) : cannotWrite(file, code);
  }
}

/** For a file that is there already. */
export function fileExists(file: string): CommandError {
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
