// `mcp-front check`: connects to every server of a configuration, and tells what it found.

import type { Problem } from "../../mod.ts";
import { interruptions } from "../runtime/interruptions.ts";
import { employReaper } from "../runtime/reaper.ts";
import { standardStream, stderrReader } from "../runtime/standard_stream.ts";
import type { StderrReader } from "../runtime/standard_stream.ts";
import { terminalColumns, terminalSize } from "../runtime/terminal.ts";
import { createLog } from "../telemetry/log.ts";
import type { FlushableLog } from "../telemetry/log.ts";
import { examineAll } from "./check/examine_all.ts";
import { jsonReport } from "./check/json_report.ts";
import { LiveDisplay } from "./check/live_display.ts";
import { plan } from "./check/plan.ts";
import type { Omission, Visit } from "./check/plan.ts";
import type { ServerReport } from "./check/server_report.ts";
import { table } from "./check/table.ts";
import { EXIT_CODES } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { loadOrExplain } from "./load_or_explain.ts";
import { logSettings } from "./log_settings.ts";
import { levelPaint, palette } from "./palette.ts";
import type { Palette } from "./palette.ts";
import { print } from "./print.ts";
import { problemLine } from "./problem_line.ts";
import { FLUSH_LIMIT_MS, REAPER_MS } from "./shut_down.ts";
import { SIGNAL_EXIT_CODES } from "./signal_exit_codes.ts";
import type { Surroundings } from "./surroundings.ts";

/** What to check, and how to tell it. */
export interface CheckOptions {
  /** The config file. */
  readonly file?: string;
  /** The name of the token to connect as; absent: for each server one that may use it. */
  readonly token?: string;
  readonly format: "table" | "json";
}

type Environment = Surroundings["environment"];

/**
 * Prints the report to stdout. Resolves with 0 where no server failed, with 1 where
 * one did, and with 130 or 143 after a signal. Throws a `CommandError` for a file or
 * token's name that cannot be used. Every child it had started is then gone.
 */
export async function check(
  { file: named, token, format }: CheckOptions,
  { environment }: Surroundings,
): Promise<number> {
  const { stop, insist, crash } = interruptions();
  const file = configFile(named);
  const paint = palette("stderr", environment);
  const log = logOf(environment, await stderrReader(), paint);
  const telling = { log, format: "text", paint } as const;
  const { config, warnings } = await loadOrExplain(file, environment, telling);
  const steps = plan(config, file, token);
  await tell(warnings, paint);
  const live = liveDisplay(steps, environment);
  const reaper = employReaper(() => {
    // Another one is started; the report has no place for it.
  });
  const examination = examineAll(steps, config, {
    environment,
    log,
    onPhase: (name, phase) => live?.note(name, phase),
  });
  try {
    const end = await Promise.race([
      examination.reports,
      stop,
      crash.then((error) => Promise.reject(error)),
    ]);
    await live?.close();
    if (typeof end === "string") {
      await print(
        "stderr",
        "mcp-front: stopping; another signal ends it at once\n",
      );
      return SIGNAL_EXIT_CODES[end];
    }
    await print("stdout", reportText(end, { file, format, environment }));
    return end.some(({ status }) => status === "failed")
      ? EXIT_CODES.failed
      : EXIT_CODES.done;
  } finally {
    await live?.close();
    await Promise.race([examination.close(), insist]);
    await reaper.dismiss(REAPER_MS);
    await log.flush(FLUSH_LIMIT_MS);
  }
}

/** What the gateway logs is shown to who asks for it with `LOG_LEVEL`. */
function logOf(
  environment: Environment,
  reader: StderrReader,
  paint: Palette,
): FlushableLog {
  return createLog({
    ...logSettings(environment, reader),
    write: environment.LOG_LEVEL
      ? standardStream("stderr")
      : () => Promise.resolve(),
    now: () => new Date(),
    paint: levelPaint(paint),
  });
}

async function tell(
  warnings: readonly Problem[],
  paint: Palette,
): Promise<void> {
  const lines = warnings.map((one) => `${problemLine(one, paint)}\n`);
  await print("stderr", lines.join(""));
}

/** Lines that move, where somebody sees them and no log comes between them. */
function liveDisplay(
  steps: readonly (Visit | Omission)[],
  environment: Environment,
): LiveDisplay | undefined {
  const isWanted = terminalColumns("stderr") !== undefined &&
    environment.TERM !== "dumb" && !environment.LOG_LEVEL;
  const names = steps.filter(({ kind }) => kind === "visit")
    .map(({ server }) => server.name);
  if (!isWanted || names.length === 0) return undefined;
  return new LiveDisplay(names, {
    size: () => terminalSize("stderr"),
    palette: palette("stderr", environment),
    print: (text) => print("stderr", text),
  });
}

function reportText(
  reports: readonly ServerReport[],
  { file, format, environment }: {
    readonly file: string;
    readonly format: CheckOptions["format"];
    readonly environment: Environment;
  },
): string {
  if (format === "json") return jsonReport(file, reports);
  return table(reports, {
    columns: terminalColumns("stdout"),
    palette: palette("stdout", environment),
  });
}
