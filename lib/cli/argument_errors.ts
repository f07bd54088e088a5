// What is said about arguments that cannot be.

import { CommandError, EXIT_CODES } from "./command_error.ts";
import { typedCommands } from "./command_table.ts";

/** For a word that is neither a command nor belongs to one. */
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
      : "to run the gateway, write mcp-front -config FILE; " +
        "before a command of your own, mcp-front -- COMMAND",
  );
}

/** The name that was probably meant. */
export async function closestOf(
  value: string,
  names: readonly string[],
): Promise<string | undefined> {
  // Loaded only now, with the libraries it brings: most command lines are right.
  const { closest } = await import("../config/closest.ts");
  return closest(value, [...names]);
}

/** For anything else; the hint is the usage where nothing better is known. */
export function wrong(message: string, hint?: string): CommandError {
  return new CommandError(
    message,
    hint ?? "mcp-front -help shows what there is",
    EXIT_CODES.usage,
  );
}
