// Waits until the servers that the command may use are ready, or says which are not.

import type { Narrowing } from "../../../mod.ts";
import type { Interruptions, StopSignal } from "../../runtime/interruptions.ts";
import { terminalColumns } from "../../runtime/terminal.ts";
import type { Log } from "../../telemetry/log.ts";
import { examineAll } from "../check/examine_all.ts";
import type { Omission, Visit } from "../check/plan.ts";
import { presentable } from "../check/presentable.ts";
import type { ServerReport } from "../check/server_report.ts";
import { showProgress } from "../check/show_progress.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { palette } from "../palette.ts";
import { print } from "../print.ts";
import { shellWord } from "../shell_word.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Entry } from "./entry.ts";
import { readinessTable, toolNamesOf, unfitting } from "./readiness.ts";
import type { ToolNames } from "./readiness.ts";

/** Which servers are tried, and how. */
export interface Trial {
  readonly file: string;
  readonly entry: Entry;
  readonly steps: readonly (Visit | Omission)[];
  readonly only?: Narrowing;
  readonly log: Log;
  readonly environment: Surroundings["environment"];
}

/**
 * Connects to each as a client with the token would, and waits for those elsewhere that cannot be
 * reached yet. Resolves with nothing when all are ready, or with the signal that came before.
 * Throws a `CommandError` where one is not, and what `crash` gives. No child is left then.
 */
export async function awaitReady(
  { file, entry, steps, only, log, environment }: Trial,
  { stop, next, crash }: Interruptions,
): Promise<StopSignal | undefined> {
  const live = showProgress(steps, environment);
  const examining = examineAll(steps, entry.config, {
    ask: toolNamesOf,
    presentable: presentable(entry.config, environment),
    log,
    unreachable: "wait",
    onPhase: (name, phase) => live?.note(name, phase),
  });
  try {
    const end = await Promise.race([
      examining.reports,
      stop,
      crash.then((error) => Promise.reject(error)),
    ]);
    await live?.close();
    if (typeof end === "string") return end;
    await tell(end, only, environment);
    refuseUnready(end, file);
    return undefined;
  } finally {
    await live?.close();
    await Promise.race([examining.close(), next()]);
  }
}

async function tell(
  reports: readonly ServerReport<ToolNames>[],
  only: Narrowing | undefined,
  environment: Surroundings["environment"],
): Promise<void> {
  const paint = palette("stderr", environment);
  if (reports.some(({ status }) => status === "failed")) {
    const columns = terminalColumns("stderr");
    const page = { columns, palette: paint };
    return await print("stderr", `${readinessTable(reports, page)}\n`);
  }
  const warning = paint("warning", "warning:");
  const lines = unfitting(reports, only).map((words) =>
    `mcp-front: ${warning} -only ${
      shellWord(words)
    } fits no tool that may be used\n`
  );
  await print("stderr", lines.join(""));
}

function refuseUnready(
  reports: readonly ServerReport<ToolNames>[],
  file: string,
): void {
  const failed = reports.filter(({ status }) => status === "failed")
    .map(({ name }) => name);
  if (failed.length === 0) return;
  const noun = failed.length === 1 ? "server is" : "servers are";
  throw new CommandError(
    `the command was not started: ${failed.length} ${noun} not ready (${
      failed.join(", ")
    })`,
    `mcp-front check -config ${
      shellWord(file)
    } looks again; -only leaves out what the command does not need`,
    EXIT_CODES.unready,
  );
}
