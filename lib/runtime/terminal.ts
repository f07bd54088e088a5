// Whether a person sees or types a standard stream, and how large their terminal is.

import process from "node:process";

/** What a terminal has that does not say how large it is. */
const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The size of the terminal behind a standard stream; `undefined` where there is none. */
export function terminalSize(
  stream: "stdout" | "stderr",
): TerminalSize | undefined {
  const { isTTY, columns, rows } = process[stream];
  if (!isTTY) return undefined;
  return { columns: columns || USUAL_COLUMNS, rows: rows || USUAL_ROWS };
}

/** The width of the terminal behind a standard stream, in columns; `undefined` where there is none. */
export function terminalColumns(
  stream: "stdout" | "stderr",
): number | undefined {
  return terminalSize(stream)?.columns;
}

/** Whether a person types what is read from stdin. */
export function isTyped(): boolean {
  return process.stdin.isTTY === true;
}
