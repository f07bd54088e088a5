// A round of visits to the servers of a configuration, from loading it to the end of every child.

import type { Config } from "../../../mod.ts";
import { interruptions } from "../../runtime/interruptions.ts";
import { employReaper } from "../../runtime/reaper.ts";
import { standardStream, stderrReader } from "../../runtime/standard_stream.ts";
import type { StderrReader } from "../../runtime/standard_stream.ts";
import { createLog } from "../../telemetry/log.ts";
import type { FlushableLog } from "../../telemetry/log.ts";
import { loadOrExplain } from "../load_or_explain.ts";
import { logSettings } from "../log_settings.ts";
import { levelPaint, palette } from "../palette.ts";
import type { Palette } from "../palette.ts";
import { print } from "../print.ts";
import { printProblems } from "../print_problems.ts";
import { FLUSH_LIMIT_MS, REAPER_MS } from "../shut_down.ts";
import { SIGNAL_EXIT_CODES } from "../signal_exit_codes.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Ask } from "./examine.ts";
import { examineAll } from "./examine_all.ts";
import type { Omission, Visit } from "./plan.ts";
import { presentable } from "./presentable.ts";
import { showProgress } from "./show_progress.ts";
import type { ServerReport } from "./server_report.ts";

type Environment = Surroundings["environment"];

/** What is done with each server. */
export interface Preparation {
  readonly steps: readonly (Visit | Omission)[];
  /** That of the gateway through which the servers are reached. */
  readonly config: Config;
}

/** What a round is made for. */
export interface Round<Found> {
  /** Throws a `CommandError` where it cannot be made. */
  prepare(config: Config): Preparation;
  /** Asks each server that is connected to. */
  readonly ask: Ask<Found>;
  /** Prints what was found; resolves with the exit code. */
  conclude(
    reports: readonly ServerReport<Found>[],
    config: Config,
  ): Promise<number>;
}

/**
 * Goes round. Resolves with what `conclude` gives, and with 130 or 143 after a signal. Throws a
 * `CommandError` for a file that cannot be used. Every child it had started is then gone.
 */
export async function goRound<Found>(
  file: string,
  round: Round<Found>,
  environment: Environment,
): Promise<number> {
  const { stop, insist, crash } = interruptions();
  const paint = palette("stderr", environment);
  const log = logOf(environment, await stderrReader(), paint);
  const telling = { log, format: "text", paint } as const;
  const { config, warnings } = await loadOrExplain(file, environment, telling);
  const prepared = round.prepare(config);
  await printProblems(warnings, paint);
  const live = showProgress(prepared.steps, environment);
  const reaper = employReaper(ignoreItsEnd);
  const examination = examineAll(prepared.steps, prepared.config, {
    ask: round.ask,
    presentable: presentable(prepared.config, environment),
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
    if (typeof end !== "string") return await round.conclude(end, config);
    await print(
      "stderr",
      "mcp-front: stopping; another signal ends it at once\n",
    );
    return SIGNAL_EXIT_CODES[end];
  } finally {
    await live?.close();
    await Promise.race([examination.close(), insist]);
    await reaper.dismiss(REAPER_MS);
    await log.flush(FLUSH_LIMIT_MS);
  }
}

/** Another reaper is started; the report has no place for it. */
function ignoreItsEnd(): void {}

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
