// A process that works until it is told to stop: its log, its signals, and how it ends.

import { errorFields } from "../telemetry/error_fields.ts";
import { createLog } from "../telemetry/log.ts";
import type { FlushableLog, LogFormat } from "../telemetry/log.ts";
import { HangUps } from "../runtime/hang_ups.ts";
import { interruptions } from "../runtime/interruptions.ts";
import type { StopSignal } from "../runtime/interruptions.ts";
import { standardStream, stderrReader } from "../runtime/standard_stream.ts";
import type { StderrReader } from "../runtime/standard_stream.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { logSettings } from "./log_settings.ts";
import { levelPaint, palette, PLAIN } from "./palette.ts";
import type { Palette } from "./palette.ts";
import { FLUSH_LIMIT_MS } from "./shut_down.ts";
import { SIGNAL_EXIT_CODES } from "./signal_exit_codes.ts";
import type { Surroundings } from "./surroundings.ts";

/** What such a process has. */
export interface Running {
  readonly environment: Surroundings["environment"];
  readonly format: LogFormat;
  readonly log: FlushableLog;
  readonly reader: StderrReader;
  readonly paint: Palette;
  /** Settles when the process is asked to end, or its terminal is closed. */
  readonly stop: Promise<StopSignal>;
  /** Asks for something to be done without an end. */
  readonly hangUps: HangUps;
}

/**
 * Does the work, which ends in good order once `stop` settles. Resolves with its exit code, with 130 or 143 after a
 * second signal, 1 after a crash. Throws the work's `CommandError`; in the JSON form that is a log line instead, and
 * its exit code. Call it once in a process.
 */
export async function tillStopped(
  environment: Surroundings["environment"],
  work: (running: Running) => Promise<number>,
): Promise<number> {
  const reader = await stderrReader();
  const { level, format } = logSettings(environment, reader);
  const paint = format === "text" ? palette("stderr", environment) : PLAIN;
  const log = createLog({
    level,
    format,
    write: standardStream("stderr"),
    now: () => new Date(),
    paint: levelPaint(paint),
  });
  const { stop: asked, insist, crash } = interruptions();
  const hangUps = new HangUps();
  const stop = Promise.race([asked, hangUps.closed]);
  const running = { environment, format, log, reader, paint, stop, hangUps };
  try {
    return await Promise.race([
      work(running),
      insist.then((signal) => SIGNAL_EXIT_CODES[signal]),
      crash.then((error) => crashed(error, log)),
    ]);
  } catch (error) {
    if (format === "text") throw error;
    if (!(error instanceof CommandError)) return crashed(error, log);
    log.error(error.message, { hint: error.hint });
    return error.exitCode;
  } finally {
    await log.flush(FLUSH_LIMIT_MS);
  }
}

function crashed(error: unknown, log: FlushableLog): number {
  const hint = "this is a fault of mcp-front; please report it";
  log.error("Crashed", { ...errorFields(error), hint });
  return EXIT_CODES.failed;
}
