// Which config file is meant.

import { existsSync } from "node:fs";
import { CommandError, EXIT_CODES } from "./command_error.ts";

/** What is looked for in the current folder, in this order. */
export const DEFAULT_FILES = ["config.jsonc", "config.json"] as const;

/** The named file, or the default one of the current folder. Throws a `CommandError` where there is none. */
export function configFile(named: string | undefined): string {
  const file = named ?? DEFAULT_FILES.find((name) => existsSync(name));
  if (file !== undefined) return file;
  throw new CommandError(
    `there is neither ${DEFAULT_FILES.join(" nor ")} in this folder`,
    "mcp-front init writes one to begin with; to name yours: mcp-front -config FILE",
    EXIT_CODES.usage,
  );
}
