// A log line as text for a person at a terminal.

import { escapeInvisible, loggable } from "./loggable.ts";
import type { LogLine } from "./log_line.ts";

const LEVEL_WIDTH = 5;
const BARE_VALUE = /^"[\w.:/@+-]+"$/;

/** `time LEVEL msg name=value …` and a line feed; values with other than plain characters are in JSON form. */
export function formatText(line: LogLine): string {
  const level = line.level.padEnd(LEVEL_WIDTH);
  let text = `${line.time} ${level} ${escapeInvisible(line.msg)}`;
  for (const [name, value] of Object.entries(line.fields)) {
    const json = loggable(value);
    if (json === undefined) continue;
    const shown = BARE_VALUE.test(json) ? json.slice(1, -1) : json;
    text += ` ${escapeInvisible(name)}=${shown}`;
  }
  return `${text}\n`;
}
