// Problems of a configuration, printed for a person.

import type { Problem } from "../../mod.ts";
import type { Palette } from "./palette.ts";
import { print } from "./print.ts";
import { problemLine } from "./problem_line.ts";

/** Prints one line for each to stderr. */
export async function printProblems(
  problems: readonly Problem[],
  paint: Palette,
): Promise<void> {
  const lines = problems.map((problem) => `${problemLine(problem, paint)}\n`);
  await print("stderr", lines.join(""));
}
