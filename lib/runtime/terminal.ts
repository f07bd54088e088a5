// Whether a person sees a standard stream, and how wide their terminal is.

import process from "node:process";

/** What a terminal has that does not say how wide it is. */
const USUAL_COLUMNS = 80;

/** The width of the terminal behind a standard stream, in columns; `undefined` where there is none. */
export function terminalColumns(
  stream: "stdout" | "stderr",
): number | undefined {
  const { isTTY, columns } = process[stream];
  return isTTY ? columns || USUAL_COLUMNS : undefined;
}
