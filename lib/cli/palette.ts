// Colours, where a terminal is there that wants them.

import { styleText } from "node:util";
import { terminalColumns } from "../runtime/terminal.ts";
import type { PaintLevel } from "../telemetry/format_text.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a piece of text is, which decides its colour. */
export type Role = "error" | "warning" | "hint" | "good" | "dim" | "strong";

/** Gives a text the colour of its role, or leaves it as it is. */
export type Palette = (role: Role, text: string) => string;

const FORMATS = {
  error: "red",
  warning: "yellow",
  hint: "cyan",
  good: "green",
  dim: "dim",
  strong: "bold",
} as const satisfies Record<Role, string>;

/** Leaves every text as it is. */
export const PLAIN: Palette = (_role, text) => text;

/** Whether colours are wanted was found out already. */
const COLOURED: Palette = (role, text) =>
  styleText(FORMATS[role], text, { validateStream: false });

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
