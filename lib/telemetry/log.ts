// Structured logs, one line per event: names, never secrets.

import { formatJson } from "./format_json.ts";
import { formatText } from "./format_text.ts";
import type { PaintLevel } from "./format_text.ts";
import { LineBuffer } from "./line_buffer.ts";
import type { Sink } from "./line_buffer.ts";
import { LOG_LEVELS } from "./log_line.ts";
import type { LogFields, LogLevel } from "./log_line.ts";

export type { Sink } from "./line_buffer.ts";
export type { LogFields, LogLevel } from "./log_line.ts";

/** How lines look: one JSON object each, or text for a person. */
export type LogFormat = "json" | "text";

/** Where the parts of the gateway say what they do. */
export interface Log {
  /** For who looks for a fault. */
  debug(msg: string, fields?: LogFields): void;
  /** What happens in good order. */
  info(msg: string, fields?: LogFields): void;
  /** What was refused, dropped or went wrong outside of the gateway. */
  warn(msg: string, fields?: LogFields): void;
  /** What went wrong in the gateway itself. */
  error(msg: string, fields?: LogFields): void;
  /** A log whose every line also carries `fields`. */
  with(fields: LogFields): Log;
}

/** The log of a process, which can be emptied before it ends. */
export interface FlushableLog extends Log {
  /** Resolves when every line so far is written, the sink's reader is gone, or `deadlineMs` have passed. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
}

/** What a log is made of. */
export interface LogOptions {
  /** Lines below it are not written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly write: Sink;
  readonly now: () => Date;
  /** Colours the levels of the text form. */
  readonly paint?: PaintLevel;
}

/** Makes a log. Its methods return at once and never throw, whatever the fields are and however slow the sink is. */
export function createLog(options: LogOptions): FlushableLog {
  const { paint } = options;
  const format = options.format === "json" ? formatJson : formatText;
  const threshold = LOG_LEVELS.indexOf(options.level);
  const compose = (level: LogLevel, msg: string, fields: LogFields) =>
    format({ time: options.now().toISOString(), level, msg, fields }, paint);
  const buffer = new LineBuffer(
    options.write,
    (count) => compose("WARN", "Log lines dropped", { count }),
  );
  const write: Write = (level, msg, fields) => {
    if (LOG_LEVELS.indexOf(level) < threshold) return;
    const urgency = level === "ERROR" ? "now" : "soon";
    buffer.add(compose(level, msg, fields), urgency);
  };
  return new BufferedLog(write, buffer);
}

type Write = (level: LogLevel, msg: string, fields: LogFields) => void;

/** Every session has some: they hold no more than they must. */
class FieldsLog implements Log {
  readonly #write: Write;
  readonly #own: LogFields;

  constructor(write: Write, own: LogFields) {
    this.#write = write;
    this.#own = own;
  }

  debug(msg: string, fields?: LogFields): void {
    this.#write("DEBUG", msg, joined(this.#own, fields));
  }

  info(msg: string, fields?: LogFields): void {
    this.#write("INFO", msg, joined(this.#own, fields));
  }

  warn(msg: string, fields?: LogFields): void {
    this.#write("WARN", msg, joined(this.#own, fields));
  }

  error(msg: string, fields?: LogFields): void {
    this.#write("ERROR", msg, joined(this.#own, fields));
  }

  with(fields: LogFields): Log {
    return new FieldsLog(this.#write, joined(this.#own, fields));
  }
}

class BufferedLog extends FieldsLog implements FlushableLog {
  readonly #buffer: LineBuffer;

  constructor(write: Write, buffer: LineBuffer) {
    super(write, {});
    this.#buffer = buffer;
  }

  flush(deadlineMs: number): Promise<void> {
    return this.#buffer.flush(deadlineMs);
  }
}

function joined(own: LogFields, fields: LogFields | undefined): LogFields {
  try {
    return { ...own, ...fields };
  } catch {
    // A getter that throws: the line matters more than its fields.
    return { ...own, fields: "[unprintable]" };
  }
}
