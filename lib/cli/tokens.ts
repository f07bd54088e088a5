// `mcp-front tokens`: when each token was used last, from the log.

import { terminalColumns } from "../runtime/terminal.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { rulesOrExplain } from "./load_or_explain.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";
import { linesOf } from "./tokens/log_lines.ts";
import { LogReading } from "./tokens/log_reading.ts";
import { usageJson } from "./tokens/usage_json.ts";
import { usageText } from "./tokens/usage_text.ts";

/** What to read, and how to tell it. */
export interface TokensOptions {
  /** The config file. */
  readonly file?: string;
  /** The files of the log, `-` for standard input; without any nothing can be told. */
  readonly logs: readonly string[];
  readonly format: "table" | "json";
}

/** Prints the report to stdout. Resolves with 0. Throws a `CommandError` for files that cannot be used. */
export async function tokens(
  { file: named, logs, format }: TokensOptions,
  { environment }: Surroundings,
): Promise<ExitCode> {
  if (logs.length === 0) {
    throw new CommandError(
      "mcp-front tokens needs the log of the gateway",
      "write -log FILE, once for each file, or -log - for standard input",
      EXIT_CODES.usage,
    );
  }
  const file = configFile(named);
  const paint = palette("stderr", environment);
  const { rules } = await rulesOrExplain(file, environment, paint);
  const reading = new LogReading([...rules.tokens.keys()]);
  for (const log of logs) {
    for await (const lines of linesOf(log)) reading.take(lines);
  }
  refuseOtherForms(reading, logs);
  const report = { ...reading.report(rules.expiries), file, logs };
  const text = format === "json" ? usageJson(report) : usageText(report, {
    columns: terminalColumns("stdout"),
    palette: palette("stdout", environment),
  });
  await print("stdout", text);
  return EXIT_CODES.done;
}

/** A log in the text form tells nothing, and must not look as if no token was used. */
function refuseOtherForms(
  { lines, skipped }: LogReading,
  logs: readonly string[],
): void {
  if (skipped === 0 || skipped < lines) return;
  throw new CommandError(
    `no line of ${logs.join(", ")} is JSON`,
    "the gateway writes JSON with LOG_FORMAT=json; journalctl prints it alone with -o cat",
    EXIT_CODES.failed,
  );
}
