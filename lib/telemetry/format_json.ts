// A log line as one JSON object, with its members in the documented order.

import { loggable } from "./loggable.ts";
import type { LogLine } from "./log_line.ts";

const OWN_MEMBERS = new Set(["time", "level", "msg"]);

/** `{"time":…,"level":…,"msg":…,…fields}` and a line feed. A field cannot replace the first three. */
export function formatJson(line: LogLine): string {
  let text = `{"time":"${line.time}","level":"${line.level}"`;
  text += `,"msg":${loggable(line.msg)}`;
  for (const [name, value] of Object.entries(line.fields)) {
    const json = loggable(value);
    if (json === undefined || OWN_MEMBERS.has(name)) continue;
    text += `,${loggable(name)}:${json}`;
  }
  return `${text}}\n`;
}
