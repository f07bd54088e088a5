// The log of a run, which must not come between what the command prints.

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { standardStream, stderrReader } from "../../runtime/standard_stream.ts";
import { createLog } from "../../telemetry/log.ts";
import type { FlushableLog } from "../../telemetry/log.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { logSettings } from "../log_settings.ts";
import { levelPaint, palette } from "../palette.ts";
import { FLUSH_LIMIT_MS } from "../shut_down.ts";
import type { Surroundings } from "../surroundings.ts";

/** A log, and what it is written to. */
export interface RunLog {
  readonly log: FlushableLog;
  /** The same while servers are tried, of which a table tells: to stderr only what `LOG_LEVEL` asks for. */
  readonly trialLog: FlushableLog;
  /** Resolves when the last line is written. */
  close(): Promise<void>;
}

type Environment = Surroundings["environment"];

/** Opens the log: in the file, at the end of what it has, from INFO up; without a file on stderr, from WARN up. `LOG_LEVEL` and `LOG_FORMAT` count as ever. Throws a `CommandError`. */
export async function openRunLog(
  file: string | undefined,
  environment: Environment,
): Promise<RunLog> {
  if (file === undefined) return await logOnStderr(environment);
  const settings = logSettings(environment, "program");
  const handle = await opened(file);
  const log = createLog({
    ...settings,
    write: (bytes) => handle.appendFile(bytes),
    now: () => new Date(),
  });
  return {
    log,
    trialLog: log,
    async close() {
      await log.flush(FLUSH_LIMIT_MS);
      await handle.close();
    },
  };
}

async function logOnStderr(environment: Environment): Promise<RunLog> {
  const settings = logSettings(environment, await stderrReader(), "WARN");
  const common = {
    ...settings,
    now: () => new Date(),
    paint: levelPaint(palette("stderr", environment)),
  };
  const log = createLog({ ...common, write: standardStream("stderr") });
  const silent = createLog({ ...common, write: () => Promise.resolve() });
  return {
    log,
    trialLog: environment.LOG_LEVEL ? log : silent,
    close: () => log.flush(FLUSH_LIMIT_MS),
  };
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, "a");
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw new CommandError(
      `cannot write the log ${file} (${code})`,
      "see whether its folder exists and may be written to",
      EXIT_CODES.failed,
    );
  }
}
