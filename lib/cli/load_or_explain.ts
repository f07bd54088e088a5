// Loads the configuration, or tells the operator everything that is wrong with it.

import { existsSync } from "node:fs";
import { ConfigError, loadConfig } from "../../mod.ts";
import type { Config, Problem } from "../../mod.ts";
import type { Log, LogFormat } from "../telemetry/log.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { Palette } from "./palette.ts";
import { printProblems } from "./print_problems.ts";
import { shellWord } from "./shell_word.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where problems are told. */
export interface Telling {
  readonly log: Log;
  readonly format: LogFormat;
  readonly paint: Palette;
}

/** The configuration of a file. Throws a `CommandError` once its problems are printed or logged. */
export async function loadOrExplain(
  file: string,
  environment: Surroundings["environment"],
  telling: Telling,
): Promise<{ config: Config; warnings: readonly Problem[] }> {
  try {
    return await loadConfig(file, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await tell(error.problems, telling);
    throw new CommandError(
      `${file} cannot be used as configuration`,
      existsSync(file)
        ? `correct it; mcp-front -validate -config ${
          shellWord(file)
        } checks it without starting anything`
        : `mcp-front init -config ${shellWord(file)} writes one to begin with`,
      EXIT_CODES.usage,
    );
  }
}

async function tell(
  problems: readonly Problem[],
  { log, format, paint }: Telling,
): Promise<void> {
  if (format === "json") return logProblems(problems, log);
  await printProblems(problems, paint);
}

/** One line per problem, at its own level. */
export function logProblems(problems: readonly Problem[], log: Log): void {
  for (const { severity, message, ...place } of problems) {
    const fields = { ...place, problem: message };
    if (severity === "error") log.error("Configuration problem", fields);
    else log.warn("Configuration warning", fields);
  }
}
