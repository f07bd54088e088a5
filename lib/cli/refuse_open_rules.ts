// Rules that only a variable or a file tells are not guessed.

import type { AccessRules } from "../config/access_rules.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";

/** Throws a `CommandError` where rules of the file come from variables or files that were not looked at. */
export function refuseOpenRules(
  { openVariables }: AccessRules,
  file: string,
): void {
  if (openVariables.size === 0) return;
  throw new CommandError(
    `rules in ${file} come from variables or files: ${
      [...openVariables].join(", ")
    }`,
    "set all variables and make all files that it names; starting the gateway says which are missing",
    EXIT_CODES.usage,
  );
}
