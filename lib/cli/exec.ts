// `mcp-front exec -- COMMAND`: runs a command with a gateway of its own, which ends with it.

import { platform } from "node:os";
import { createGateway } from "../../mod.ts";
import { interruptions } from "../runtime/interruptions.ts";
import type { Interruptions } from "../runtime/interruptions.ts";
import { withoutFetchLimit } from "../runtime/fetch_limit.ts";
import { employReaper } from "../runtime/reaper.ts";
import type { Reaper } from "../runtime/reaper.ts";
import type { FlushableLog } from "../telemetry/log.ts";
import { overheard } from "../telemetry/overheard.ts";
import { VERSION } from "../version.ts";
import { localUrl, protocolOf } from "./address_text.ts";
import { configFile } from "./config_file.ts";
import type { CommandWords } from "./command_words.ts";
import { attend } from "./exec/attend.ts";
import type { CommandEnd } from "./exec/attend.ts";
import { awaitReady } from "./exec/await_ready.ts";
import { commandEnvironment } from "./exec/command_environment.ts";
import type { CommandEnvironment } from "./exec/command_environment.ts";
import { entryFor } from "./exec/entry.ts";
import type { Entry } from "./exec/entry.ts";
import { narrowingOf } from "./exec/narrowing.ts";
import { openRunLog } from "./exec/run_log.ts";
import { stepsFor } from "./exec/steps.ts";
import type { Summary } from "./exec/summary.ts";
import { SummaryFiles } from "./exec/summary_files.ts";
import { Tally } from "./exec/tally.ts";
import { listen } from "./listen.ts";
import { withoutTokensOrExplain } from "./load_or_explain.ts";
import { palette } from "./palette.ts";
import { REAPER_MS, shutDown } from "./shut_down.ts";
import { SIGNAL_EXIT_CODES } from "./signal_exit_codes.ts";
import type { Surroundings } from "./surroundings.ts";

/** What to run, and what it may use. */
export interface ExecOptions {
  /** The config file. */
  readonly file?: string;
  /** The name of the token whose rights the command has; absent: it may use everything. */
  readonly token?: string;
  /** What is left of these, as it was typed; empty: all of it. */
  readonly only: readonly string[];
  /** Where to write what was called. */
  readonly summaries: readonly string[];
  /** The file of the log; absent: stderr. */
  readonly logFile?: string;
  /** The command. */
  readonly words: CommandWords;
}

/** One run. */
interface Run {
  readonly file: string;
  readonly entry: Entry;
  readonly words: CommandWords;
  readonly log: FlushableLog;
  readonly reaper: Reaper;
  readonly signals: Interruptions;
  /** Makes the command's environment once it is known where the gateway is. */
  environmentAt(url: string): CommandEnvironment;
}

/**
 * Resolves with the command's exit code, with 128 and the number of the signal that has ended it,
 * or with 130 or 143 after a signal before it was started. Throws a `CommandError` where it cannot
 * be run. Nothing of the gateway is left then.
 */
export async function exec(
  { file: named, token, summaries: paths, logFile, words, ...options }:
    ExecOptions,
  { environment }: Surroundings,
): Promise<number> {
  const signals = interruptions();
  const file = configFile(named);
  const paint = palette("stderr", environment);
  const loaded = await withoutTokensOrExplain(file, environment, paint);
  const { config, variables } = loaded;
  const names = config.servers.map(({ name }) => name);
  const only = narrowingOf(options.only, names, file);
  const entry = entryFor(loaded, { token, only }, file);
  const steps = stepsFor(entry);
  const { log, trialLog, close } = await openRunLog(logFile, environment);
  const reaper = employReaper((reason) => {
    log.warn("Reaper lost; another one is started", { reason });
  });
  const environmentAt = (url: string) =>
    commandEnvironment({
      environment: withoutFetchLimit(environment),
      platform: platform(),
      variables,
      tokens: config.tokens,
      url,
      credential: entry.credential,
    });
  const run = { file, entry, words, log, reaper, signals, environmentAt };
  try {
    await using summaries = await SummaryFiles.open(paths);
    const trial = { file, entry, steps, only, log: trialLog, environment };
    const interrupted = await awaitReady(trial, signals);
    if (interrupted) return SIGNAL_EXIT_CODES[interrupted];
    const summary = await runBehindGateway(run);
    await summaries.write(summary);
    return summary.exitCode;
  } finally {
    await reaper.dismiss(REAPER_MS);
    await close();
  }
}

async function runBehindGateway(run: Run): Promise<Summary> {
  const { file, entry, words, log, reaper, signals } = run;
  const { config, name: token } = entry;
  const servers = config.servers.map((server) => server.name);
  const tally = new Tally(servers);
  const gateway = createGateway(config, {
    log: overheard(tally.logged, log),
    onCall: tally.called,
  });
  const listener = await listen(config, gateway, { file, log });
  const address = { ...config.address, port: listener.port };
  const url = localUrl(address, protocolOf(config));
  log.info("Listening", { url, version: VERSION, config: file, servers });
  const { variables, withheld } = run.environmentAt(url);
  if (withheld.length > 0) {
    log.info("Variables withheld from the command", { variables: withheld });
  }
  let end: CommandEnd;
  try {
    end = await attend(words, variables, { log, ...signals });
  } finally {
    const ending = { gateway, listener, reaper, graceMs: 0 };
    await Promise.race([shutDown(ending), signals.next()]);
  }
  return { token, ...end, servers: tally.servers };
}
