// The tool `query`.

import type { McpServer, ZodLibrary } from "../../deps.ts";
import { markdownTable } from "./markdown_table.ts";
import type { Rows } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { ANNOTATIONS, failure, success } from "./tool_result.ts";

const MAX_SQL_LENGTH = 100_000;
const DEFAULT_ROWS = 100;
const MAX_ROWS = 1_000;
const MIN_TIME_LIMIT_MS = 10;
const TIME_LIMIT_MS = 5_000;

/** Registers the tool. */
export function registerQuery(
  server: McpServer,
  library: ZodLibrary,
  statements: Statements,
): void {
  server.registerTool("query", {
    title: "Query",
    description:
      "Runs one SQLite statement that reads (SELECT, WITH, VALUES or EXPLAIN) and returns its rows. " +
      "Whole numbers beyond 2^53 come as text, BLOBs as x'…' in hexadecimal, and long values are cut.",
    inputSchema: argumentsSchema(library),
    outputSchema: rowsSchema(library),
    annotations: ANNOTATIONS,
  }, async ({ sql, max_rows, timeout_ms }, { mcpReq }) => {
    const start = performance.now();
    const answer = await statements.run({
      sql,
      maxRows: max_rows,
      timeLimitMs: timeout_ms,
      signal: mcpReq.signal,
    });
    if ("error" in answer) return failure(withHint(answer.error));
    const elapsed_ms = Math.round(performance.now() - start);
    const { columns, rows, end } = answer;
    const more_rows = end !== "complete";
    const row_count = rows.length;
    return success(
      { columns, rows, row_count, more_rows, elapsed_ms },
      asText(answer),
    );
  });
}

function argumentsSchema({ z }: ZodLibrary) {
  return z.object({
    sql: z.string().min(1).max(MAX_SQL_LENGTH)
      .describe("One statement in the SQL of SQLite"),
    max_rows: z.int().min(1).max(MAX_ROWS).default(DEFAULT_ROWS)
      .describe("The most rows to return"),
    timeout_ms: z.int().min(MIN_TIME_LIMIT_MS).max(TIME_LIMIT_MS)
      .default(TIME_LIMIT_MS)
      .describe("How long the statement may take, in milliseconds"),
  });
}

function rowsSchema({ z }: ZodLibrary) {
  const cell = z.union([z.string(), z.number(), z.null()]);
  return z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(cell)).describe("Each in the order of the columns"),
    row_count: z.number().describe("How many rows are here"),
    more_rows: z.boolean().describe("Whether there are rows that are not here"),
    elapsed_ms: z.number(),
  });
}

function asText({ columns, rows, end }: Rows): string {
  const count = rows.length === 1 ? "1 row" : `${rows.length} rows`;
  const ends = {
    complete: count,
    row_limit: `The first ${count}; there are more: raise max_rows (up to ` +
      `${MAX_ROWS}), or narrow the statement down`,
    size_limit: `The first ${count}; there are more, but the answer would be ` +
      "too long: select fewer columns or shorter values",
  };
  return rows.length === 0
    ? `No rows. Columns: ${columns.join(", ")}`
    : `${markdownTable(columns, rows)}\n\n${ends[end]}`;
}

/** What to do about the two mistakes that one makes without knowing the tables. */
function withHint(error: string): string {
  if (error.includes("no such table")) {
    return `${error}. The tool list_tables says which there are`;
  }
  if (error.includes("no such column")) {
    return `${error}. The tool describe_table says which a table has`;
  }
  return error;
}
