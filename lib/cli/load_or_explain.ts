// Loads the configuration, or tells the operator everything that is wrong with it.

import { existsSync } from "node:fs";
import { ConfigError, loadConfig } from "../../mod.ts";
import type { LoadedConfig, Problem } from "../../mod.ts";
import { loadEntrance, loadRules, loadWithoutTokens } from "../config/load.ts";
import type {
  LoadedEntrance,
  LoadedRules,
  LoadedWithoutTokens,
} from "../config/load.ts";
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

/** The same where there is no log. */
type PrintedTelling = Omit<Telling, "log"> & { readonly format: "text" };

/** The configuration of a file. Throws a `CommandError` once its problems are printed or logged. */
export async function loadOrExplain(
  file: string,
  environment: Surroundings["environment"],
  telling: Telling,
): Promise<LoadedConfig> {
  return await orExplain(loadConfig(file, environment), file, telling);
}

/** The configuration of a file whose tokens need not be there. Throws a `CommandError` once its problems are printed. */
export async function withoutTokensOrExplain(
  file: string,
  environment: Surroundings["environment"],
  paint: Palette,
): Promise<LoadedWithoutTokens> {
  const loading = loadWithoutTokens(file, environment);
  return await orExplain(loading, file, { format: "text", paint });
}

/** The rules of a file, whether or not its variables are set. Throws a `CommandError` once its problems are printed. */
export async function rulesOrExplain(
  file: string,
  environment: Surroundings["environment"],
  paint: Palette,
): Promise<LoadedRules> {
  const loading = loadRules(file, environment);
  return await orExplain(loading, file, { format: "text", paint });
}

/** The same, with where clients find the gateway. */
export async function entranceOrExplain(
  file: string,
  environment: Surroundings["environment"],
  paint: Palette,
): Promise<LoadedEntrance> {
  const loading = loadEntrance(file, environment);
  return await orExplain(loading, file, { format: "text", paint });
}

async function orExplain<Loaded>(
  loading: Promise<Loaded>,
  file: string,
  telling: Telling | PrintedTelling,
): Promise<Loaded> {
  try {
    return await loading;
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
  telling: Telling | PrintedTelling,
): Promise<void> {
  if (telling.format === "json") return logProblems(problems, telling.log);
  await printProblems(problems, telling.paint);
}

/** One line per problem, at its own level. */
export function logProblems(problems: readonly Problem[], log: Log): void {
  for (const { severity, message, ...place } of problems) {
    const fields = { ...place, problem: message };
    if (severity === "error") log.error("Configuration problem", fields);
    else log.warn("Configuration warning", fields);
  }
}
