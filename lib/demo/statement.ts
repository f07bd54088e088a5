// `mcp-front demo statement`: runs one statement and ends. Nothing can interrupt SQLite here, so it gets a process that can be killed.

import { standardInputText } from "../runtime/standard_input.ts";
import { standardStream } from "../runtime/standard_stream.ts";
import { startWatchdog } from "../runtime/watchdog.ts";
import { oneStatement, RefusedText } from "./one_statement.ts";
import { makeReadOnly } from "./read_only.ts";
import { readRows } from "./rows.ts";
import type { Rows } from "./rows.ts";
import { openSample } from "./sample.ts";

/** What comes in on stdin, as JSON. */
export interface StatementRequest {
  readonly sql: string;
  readonly maxRows: number;
  /** How long the process may take even if nobody is left to kill it. */
  readonly timeLimitMs: number;
}

/** What goes out on stdout, as JSON: the rows, or what was wrong with the statement. */
export type StatementAnswer = Rows | { readonly error: string };

/** The most memory that the process of a statement may take. */
export const STATEMENT_MEMORY_BYTES = 256 * 1024 * 1024;

/** Answers the request on stdin. A statement that takes too long or too much memory ends the process without an answer. */
export async function runStatement(): Promise<void> {
  const request: StatementRequest = JSON.parse(await standardInputText());
  await startWatchdog({
    timeMs: request.timeLimitMs,
    memoryBytes: STATEMENT_MEMORY_BYTES,
  });
  const answer = JSON.stringify(answerTo(request));
  await standardStream("stdout")(new TextEncoder().encode(answer));
}

/** Runs the statement on a sample of its own. */
export function answerTo(
  { sql, maxRows }: Omit<StatementRequest, "timeLimitMs">,
): StatementAnswer {
  const database = openSample();
  const refusals = makeReadOnly(database);
  try {
    return readRows(oneStatement(database, sql), maxRows);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { first: refused } = refusals;
    if (refused !== undefined) {
      return {
        error:
          `${refused} is refused: a statement may read the tables and describe them, nothing else`,
      };
    }
    const isOurs = error instanceof RefusedText;
    return { error: isOurs ? error.message : `SQLite: ${error.message}` };
  } finally {
    database.close();
  }
}
