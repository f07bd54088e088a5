// Bun lets a process have 256 requests under way and makes the others wait for ever; this lifts it.

import process from "node:process";
import { bun } from "./bun.ts";
import { thisRuntime } from "./this_runtime.ts";

/** Read by Bun when a process starts; setting it later has no effect. */
const VARIABLE = "BUN_CONFIG_MAX_HTTP_REQUESTS";

/** The most that Bun takes. */
const REQUESTS_LIMIT = 65_535;

/** Whether Bun's limit is out of the way, or never was in it. */
export type FetchLimit = "lifted" | "limited";

/**
 * Starts the process anew with a higher limit: it keeps its id, files and arguments, and this call
 * does not return. Where nothing has to be done (Deno, or the limit is set already) it returns
 * `lifted`; where it cannot be done, `limited`.
 */
export function liftFetchLimit(): FetchLimit {
  if (thisRuntime() === "deno" || process.env[VARIABLE]) return "lifted";
  try {
    process.execve?.(process.execPath, commandLine(), {
      ...process.env,
      [VARIABLE]: String(REQUESTS_LIMIT),
    });
  } catch {
    // The program file is gone or may not be run again: the gateway works, with the limit.
  }
  return "limited";
}

/** The environment without what `liftFetchLimit` has set, for a program to which it means nothing. */
export function withoutFetchLimit<Value>(
  environment: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const { [VARIABLE]: value, ...others } = environment;
  return value === String(REQUESTS_LIMIT) ? others : { ...environment };
}

/** The command line as it was typed: a compiled program and a script have different ideas of `argv`. */
function commandLine(): string[] {
  if (bun().isStandaloneExecutable) {
    return [process.execPath, ...process.argv.slice(2)];
  }
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}
