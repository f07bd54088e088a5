// A log that somebody listens to.

import type { Log, LogFields } from "./log.ts";

/** Told of each line, whatever its level, with all its fields. */
export type Listener = (msg: string, fields: LogFields) => void;

/** A log whose lines are told to `hear` before they go on to `inner`; without that they go nowhere else. */
export function overheard(hear: Listener, inner?: Log): Log {
  return overhearing({}, hear, inner);
}

function overhearing(
  own: LogFields,
  hear: Listener,
  inner: Log | undefined,
): Log {
  const at = (level: "debug" | "info" | "warn" | "error") => {
    return (msg: string, fields?: LogFields) => {
      hear(msg, { ...own, ...fields });
      inner?.[level](msg, fields);
    };
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) =>
      overhearing({ ...own, ...fields }, hear, inner?.with(fields)),
  };
}
