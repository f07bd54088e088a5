// `mcp-front check`: connects to every server of a configuration, and tells what it found.

import { terminalColumns } from "../runtime/terminal.ts";
import { jsonReport } from "./check/json_report.ts";
import { offersOf } from "./check/offers_of.ts";
import { plan } from "./check/plan.ts";
import { goRound } from "./check/round.ts";
import type { ServerReport } from "./check/server_report.ts";
import { table } from "./check/table.ts";
import { withoutOAuth } from "./check/without_oauth.ts";
import { EXIT_CODES } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";

/** What to check, and how to tell it. */
export interface CheckOptions {
  /** The config file. */
  readonly file?: string;
  /** The name of the token to connect as; absent: for each server one that may use it. */
  readonly token?: string;
  readonly format: "table" | "json";
}

/**
 * Prints the report to stdout. Resolves with 0 where no server failed, with 1 where
 * one did, and with 130 or 143 after a signal. Throws a `CommandError` for a file or
 * token's name that cannot be used. Every child it had started is then gone.
 */
export async function check(
  { file: named, token, format }: CheckOptions,
  { environment }: Surroundings,
): Promise<number> {
  const file = configFile(named);
  const textOf = (reports: readonly ServerReport[]) =>
    format === "json" ? jsonReport(file, reports) : table(reports, {
      columns: terminalColumns("stdout"),
      palette: palette("stdout", environment),
    });
  return await goRound(file, {
    prepare: (config) => ({
      steps: plan(config, file, token),
      config: withoutOAuth(config),
    }),
    ask: offersOf,
    async conclude(reports) {
      await print("stdout", textOf(reports));
      return reports.some(({ status }) => status === "failed")
        ? EXIT_CODES.failed
        : EXIT_CODES.done;
    },
  }, environment);
}
