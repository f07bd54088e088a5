// A log line as text for a person at a terminal.

import { escapeInvisible, loggable } from "./loggable.ts";
import type { LogLevel, LogLine } from "./log_line.ts";

const LEVEL_WIDTH = 5;
const BARE_VALUE = /^"[\w.:/@+-]+"$/;

/** Gives the name of a level a colour. */
export type PaintLevel = (level: LogLevel, text: string) => string;

/** `time LEVEL msg name=value …` and a line feed; values with other than plain characters are in JSON form. */
export function formatText(
  line: LogLine,
  paint: PaintLevel = (_level, text) => text,
): string {
  const level = paint(line.level, line.level.padEnd(LEVEL_WIDTH));
  let text = `${line.time} ${level} ${escapeInvisible(line.msg)}`;
  for (const [name, value] of Object.entries(line.fields)) {
    const json = loggable(value);
    if (json === undefined) continue;
    const shown = BARE_VALUE.test(json) ? json.slice(1, -1) : json;
    text += ` ${escapeInvisible(name)}=${shown}`;
  }
  return `${text}\n`;
}
