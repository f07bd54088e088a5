// What is wrong with a config, where it stands, and how that is told to the operator.

/** One thing wrong in a config. No text of it ever holds a token or a value read from the environment. */
export interface Problem {
  /** A config with an `error` is not used; a `warning` is only told. */
  readonly severity: "error" | "warning";
  /** The file as the operator named it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units as editors do. */
  readonly column: number;
  /** Such as `mcpServers.files.authTokens[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What was found and what is wanted. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A config that cannot be used, with everything that is wrong in it, warnings included. */
export class ConfigError extends Error {
  /** Always `ConfigError`. */
  override readonly name = "ConfigError";
  /** Errors and warnings in the order of the file. */
  readonly problems: readonly Problem[];
  /** The absolute paths of the files that it names, as far as they are known. */
  readonly files: readonly string[];

  /** Made of `problems`, at least one of them an error. */
  constructor(problems: readonly Problem[], files: readonly string[] = []) {
    super(problems.map(formatProblem).join("\n"));
    this.problems = problems;
    this.files = files;
  }
}

/** A problem on one line: `file:line:column: error: path: message (hint: …)`. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, severity, path, message, hint } = problem;
  const parts = [`${file}:${line}:${column}`, severity, path, message];
  const text = parts.filter((part) => part !== "").join(": ");
  return hint === undefined ? text : `${text} (hint: ${hint})`;
}
