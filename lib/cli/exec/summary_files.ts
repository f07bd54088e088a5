// The files of `-summary`.

import { rm, writeFile } from "node:fs/promises";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { jsonSummary } from "./json_summary.ts";
import { junitSummary } from "./junit_summary.ts";
import type { Summary } from "./summary.ts";

/** The files of one run: JUnit XML where the name ends in `.xml`, else JSON. */
export class SummaryFiles implements AsyncDisposable {
  readonly #paths: readonly string[];
  #isWritten = false;

  private constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** Empties all of them: where they cannot be written that is known before the command has run. Throws a `CommandError`. */
  static async open(paths: readonly string[]): Promise<SummaryFiles> {
    for (const path of paths) await put(path, "");
    return new this(paths);
  }

  /** Writes the summary into each. Throws a `CommandError`. */
  async write(summary: Summary): Promise<void> {
    this.#isWritten = true;
    for (const path of this.#paths) {
      const isXml = path.toLowerCase().endsWith(".xml");
      await put(path, isXml ? junitSummary(summary) : jsonSummary(summary));
    }
  }

  /** Removes them where there was nothing to tell. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isWritten) return;
    for (const path of this.#paths) await rm(path, { force: true });
  }
}

async function put(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw new CommandError(
      `cannot write the summary ${path} (${code})`,
      "see whether its folder exists and may be written to",
      EXIT_CODES.failed,
    );
  }
}
