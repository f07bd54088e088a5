// A log line as one JSON object, with its members in the documented order.

import { loggable } from "./loggable.ts";
import type { LogLine } from "./log_line.ts";

const OWN_MEMBERS = new Set(["time", "level", "msg"]);
/** Names that stand in our own code, as nearly all do. */
const PLAIN_NAME = /^\w{1,40}$/;

/** `{"time":…,"level":…,"msg":…,…fields}` and a line feed. A field cannot replace the first three. */
export function formatJson(line: LogLine): string {
  let text = `{"time":"${line.time}","level":"${line.level}"`;
  text += `,"msg":${loggable(line.msg)}`;
  const { fields } = line;
  for (const name of Object.keys(fields)) {
    const json = loggable(fields[name]);
    if (json === undefined || OWN_MEMBERS.has(name)) continue;
    text += PLAIN_NAME.test(name) ? `,"${name}":` : `,${loggable(name)}:`;
    text += json;
  }
  return `${text}}\n`;
}
