// Why a server could not be used, as lines below its row.

import type { Cell, Row } from "./lay_out.ts";
import type { Failure } from "./server_report.ts";

/** The message, what the server last said, and what to do. */
export function failureLines(
  { message, lastWords, hint }: Failure,
): Row["below"] {
  const said = lastWords.map((text): Cell[] => [
    { text: "| ", role: "dim" },
    { text, role: "dim" },
  ]);
  return [
    [{ text: message }],
    ...(said.length > 0 ? [[{ text: "it last said:" }], ...said] : []),
    ...(hint === undefined ? [] : [
      [{ text: "hint: ", role: "hint" as const }, { text: hint }],
    ]),
  ];
}
