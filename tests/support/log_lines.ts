// A log that a test can read.

import type { Log, LogFields, LogLevel } from "../../lib/telemetry/log.ts";

/** One line, before it is written. */
export interface LogLine extends LogFields {
  readonly level: LogLevel;
  readonly msg: string;
}

/** A log that adds its lines to `lines`. */
export function logInto(lines: LogLine[], bound: LogFields = {}): Log {
  const at = (level: LogLevel) => (msg: string, fields?: LogFields) =>
    void lines.push({ level, msg, ...bound, ...fields });
  return {
    debug: at("DEBUG"),
    info: at("INFO"),
    warn: at("WARN"),
    error: at("ERROR"),
    with: (fields) => logInto(lines, { ...bound, ...fields }),
  };
}
