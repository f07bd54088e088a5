// `mcp-front`: runs the gateway until it is told to stop.

import { createGateway } from "../../mod.ts";
import type { FetchLimit } from "../runtime/fetch_limit.ts";
import { HangUps } from "../runtime/hang_ups.ts";
import { interruptions } from "../runtime/interruptions.ts";
import type { StopSignal } from "../runtime/interruptions.ts";
import { employReaper } from "../runtime/reaper.ts";
import { standardStream, stderrReader } from "../runtime/standard_stream.ts";
import type { StderrReader } from "../runtime/standard_stream.ts";
import { createLog } from "../telemetry/log.ts";
import type { FlushableLog, LogFormat } from "../telemetry/log.ts";
import { announce } from "./announce.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import { listen } from "./listen.ts";
import { loadOrExplain } from "./load_or_explain.ts";
import { Reloader } from "./reload.ts";
import { logSettings } from "./log_settings.ts";
import { levelPaint, palette, PLAIN } from "./palette.ts";
import type { Palette } from "./palette.ts";
import { FLUSH_LIMIT_MS, shutDown } from "./shut_down.ts";
import { SIGNAL_EXIT_CODES } from "./signal_exit_codes.ts";
import type { Surroundings } from "./surroundings.ts";

/** What serving needs to know of its process besides. */
export interface ServeSurroundings extends Surroundings {
  readonly fetchLimit: FetchLimit;
}

/** The settings of one run. */
interface Run {
  readonly file: string;
  readonly format: LogFormat;
  readonly log: FlushableLog;
  readonly reader: StderrReader;
  readonly environment: Surroundings["environment"];
  readonly paint: Palette;
  readonly hangUps: HangUps;
}

/**
 * Runs the gateway that a config file describes. Resolves with 0 after a signal and an orderly
 * end, 130 or 143 after a second signal, 1 after a crash. Throws a `CommandError` where it cannot
 * start; in the JSON form that is a log line instead, and the exit code.
 */
export async function serve(
  named: string | undefined,
  { environment, fetchLimit }: ServeSurroundings,
): Promise<number> {
  const reader = await stderrReader();
  const { level, format } = logSettings(environment, reader);
  const file = configFile(named);
  const paint = format === "text" ? palette("stderr", environment) : PLAIN;
  const log = createLog({
    level,
    format,
    write: standardStream("stderr"),
    now: () => new Date(),
    paint: levelPaint(paint),
  });
  if (fetchLimit === "limited") {
    log.warn(
      "Backends by url share 256 requests at a time: the runtime's limit could not be lifted",
    );
  }
  const { stop, insist, crash } = interruptions();
  const hangUps = new HangUps();
  const run = { file, reader, environment, format, log, paint, hangUps };
  try {
    return await Promise.race([
      serveUntil(Promise.race([stop, hangUps.closed]), run),
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

async function serveUntil(
  stop: Promise<StopSignal>,
  { file, reader, environment, format, log, paint, hangUps }: Run,
): Promise<number> {
  const loadedAt = Date.now();
  const telling = { log, format, paint };
  const loaded = await loadOrExplain(file, environment, telling);
  const { config, warnings } = loaded;
  const reaper = employReaper((reason) => {
    log.warn("Reaper lost; another one is started", { reason });
  });
  const gateway = createGateway(config, { log });
  const listener = await listen(config.address, gateway, { file, log });
  const { port } = listener;
  await announce({ file, config, port, warnings }, {
    log,
    reader: format === "text" ? reader : "program",
    paint,
  });
  const reloading = { gateway, file, environment, log };
  const reloader = new Reloader(reloading, loaded, loadedAt);
  hangUps.onAsked(() => reloader.ask("SIGHUP"));
  const signal = await stop;
  reloader.close();
  log.info("Stopping", { signal });
  await shutDown({ gateway, listener, reaper });
  log.info("Stopped");
  return EXIT_CODES.done;
}

function crashed(error: unknown, log: FlushableLog): number {
  log.error("Crashed", errorFields(error));
  return EXIT_CODES.failed;
}
