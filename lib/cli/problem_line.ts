// A problem of a configuration as a person reads it at a terminal.

import { formatProblem } from "../../mod.ts";
import type { Problem } from "../../mod.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import type { Palette } from "./palette.ts";

/** `formatProblem` with the severity in its colour, and nothing in it that could drive the terminal. */
export function problemLine(problem: Problem, paint: Palette): string {
  const { file, line, column, severity } = problem;
  const place = `${file}:${line}:${column}: `;
  const rest = formatProblem(problem).slice(place.length + severity.length);
  return escapeInvisible(place) + paint(severity, severity) +
    escapeInvisible(rest);
}
