// `mcp-front completions`: what makes a shell complete our command lines.

import type { Shell } from "./arguments.ts";
import { EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { completionScript } from "./completions/script.ts";
import { print } from "./print.ts";

/** Prints the script for a shell. */
export async function completions(shell: Shell): Promise<ExitCode> {
  await print("stdout", completionScript(shell));
  return EXIT_CODES.done;
}
