// Colours, where a terminal is there that wants them.

import { terminalColumns } from "../runtime/terminal.ts";
import type { PaintLevel } from "../telemetry/format_text.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a piece of text is, which decides its colour. */
export type Role = "error" | "warning" | "hint" | "good" | "dim" | "strong";

/** Gives a text the colour of its role, or leaves it as it is. */
export type Palette = (role: Role, text: string) => string;

/** Select Graphic Rendition (ECMA-48 § 8.3.117): what begins a role, and what ends it. */
const CODES: Readonly<Record<Role, readonly [number, number]>> = {
  error: [31, 39],
  warning: [33, 39],
  hint: [36, 39],
  good: [32, 39],
  dim: [2, 22],
  strong: [1, 22],
};

/** Leaves every text as it is. */
export const PLAIN: Palette = (_role, text) => text;

const COLOURED: Palette = (role, text) => {
  const [on, off] = CODES[role];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** The palette for a standard stream: plain for a file or pipe, with `NO_COLOR` (no-color.org), and with `TERM=dumb`. */
export function palette(
  stream: "stdout" | "stderr",
  { NO_COLOR, TERM }: Surroundings["environment"],
): Palette {
  const unwanted = Boolean(NO_COLOR) || TERM === "dumb";
  if (unwanted || terminalColumns(stream) === undefined) return PLAIN;
  return COLOURED;
}

const LEVEL_ROLES = { DEBUG: "dim", WARN: "warning", ERROR: "error" } as const;

/** The same colours for the levels of the log; INFO has none. */
export function levelPaint(paint: Palette): PaintLevel {
  return (level, text) =>
    level === "INFO" ? text : paint(LEVEL_ROLES[level], text);
}
