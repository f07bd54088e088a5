// `mcp-front -validate`: everything wrong with a configuration, without starting anything.

import { existsSync } from "node:fs";
import { checkConfig } from "../../mod.ts";
import type { Problem } from "../../mod.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import { problemLine } from "./problem_line.ts";
import { shellWord } from "./shell_word.ts";
import type { Surroundings } from "./surroundings.ts";

/** Prints all problems and warnings, one a line, and a last line that sums them up. */
export async function validate(
  named: string | undefined,
  { environment }: Surroundings,
): Promise<ExitCode> {
  const file = configFile(named);
  const found = await checkConfig(file);
  const problems = existsSync(file) ? found : found.map(withInit);
  const paint = palette("stdout", environment);
  const lines = [
    ...problems.map((problem) => problemLine(problem, paint)),
    summary(file, problems),
  ];
  await print("stdout", lines.map((line) => `${line}\n`).join(""));
  return hasError(problems) ? EXIT_CODES.usage : EXIT_CODES.done;
}

/** Who has no file is helped to one. */
function withInit(problem: Problem): Problem {
  const { file } = problem;
  const hint = `mcp-front init -config ${shellWord(file)} ` +
    "writes one to begin with";
  return { ...problem, hint };
}

function summary(file: string, problems: readonly Problem[]): string {
  const errors = counted(problems, "error");
  const warnings = counted(problems, "warning");
  const verdict = hasError(problems) ? "cannot be used" : "is valid";
  return `${escapeInvisible(file)} ${verdict}: ${errors}, ${warnings}`;
}

function counted(
  problems: readonly Problem[],
  severity: Problem["severity"],
): string {
  const count = problems.filter((one) => one.severity === severity).length;
  return `${count} ${severity}${count === 1 ? "" : "s"}`;
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
