// `mcp-front names`, for the scripts that complete command lines: the names in a configuration.

import { loadRules } from "../config/load.ts";
import { ConfigError } from "../config/problems.ts";
import type { NameKind } from "./arguments.ts";
import { EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { print } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";

/** Prints one name a line; variables need not be set. Of a file that cannot be used there are none. */
export async function names(
  of: NameKind,
  named: string | undefined,
  { environment }: Surroundings,
): Promise<ExitCode> {
  try {
    const { rules } = await loadRules(configFile(named), environment);
    const found = [...rules[of].keys()];
    await print("stdout", found.map((name) => `${name}\n`).join(""));
    return EXIT_CODES.done;
  } catch (error) {
    if (error instanceof ConfigError) return EXIT_CODES.usage;
    throw error;
  }
}
