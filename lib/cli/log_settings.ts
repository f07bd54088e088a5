// How to log, from the environment.

import { LOG_LEVELS } from "../telemetry/log_line.ts";
import type { LogFormat, LogLevel } from "../telemetry/log.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { StderrReader } from "../runtime/standard_stream.ts";
import type { Surroundings } from "./surroundings.ts";

/** From which level on, and in which form. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

const FORMATS: readonly LogFormat[] = ["json", "text"];

/** Reads `LOG_LEVEL` and `LOG_FORMAT`; empty means unset, for the level `usualLevel`. Throws a `CommandError`. */
export function logSettings(
  environment: Surroundings["environment"],
  reader: StderrReader,
  usualLevel: LogLevel = "INFO",
): LogSettings {
  const usual = reader === "terminal" ? "text" : "json";
  return {
    level: choose("LOG_LEVEL", LOG_LEVELS, environment) ?? usualLevel,
    format: choose("LOG_FORMAT", FORMATS, environment) ?? usual,
  };
}

function choose<Choice extends string>(
  variable: string,
  choices: readonly Choice[],
  environment: Surroundings["environment"],
): Choice | undefined {
  const wanted = environment[variable];
  if (!wanted) return undefined;
  const same = (one: string) => one.toLowerCase() === wanted.toLowerCase();
  const found = choices.find(same);
  if (found !== undefined) return found;
  throw new CommandError(
    `${variable} is ${JSON.stringify(wanted)}`,
    `set it to ${choices.join(", ").toLowerCase()}, or leave it unset`,
    EXIT_CODES.usage,
  );
}
