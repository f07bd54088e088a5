// One log line before it has a form: when, how grave, what, and the facts.

/** The levels, from the least grave. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

/** How grave a line is. */
export type LogLevel = typeof LOG_LEVELS[number];

/** What a log line may carry besides its text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A line to be written. */
export interface LogLine {
  /** RFC 3339 in UTC, with milliseconds. */
  readonly time: string;
  readonly level: LogLevel;
  readonly msg: string;
  readonly fields: LogFields;
}
