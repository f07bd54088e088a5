// The rows of a statement, as many as are wanted and not one more.

import { thisRuntime } from "../runtime/this_runtime.ts";
import { asCell, shortText } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Statement } from "./sqlite.ts";

/** A result, or the beginning of one. */
export interface Rows {
  /** In order; two may have the same name. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether all rows are here; if not, what stopped the reading. */
  readonly end: "complete" | "row_limit" | "size_limit";
}

/** The most that a result holds, counting the characters of its cells. */
const MAX_CHARACTERS = 100_000;

/** Runs a statement and reads up to `maxRows` rows. Throws what SQLite throws. */
export function readRows(statement: Statement, maxRows: number): Rows {
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const columns = statement.columns().map(({ name }) => shortText(name));
  const rows: Cell[][] = [];
  let characters = 0;
  for (const row of statement.iterate()) {
    if (rows.length === maxRows) return { columns, rows, end: "row_limit" };
    const cells = row.map(asCell);
    characters += cells.reduce(addLength, 0);
    if (characters > MAX_CHARACTERS && rows.length > 0) {
      return { columns, rows, end: "size_limit" };
    }
    rows.push(cells);
  }
  // The iterator of Deno 2.9 ends where SQLite fails, without a word; this throws.
  if (thisRuntime() === "deno") statement.all();
  return { columns, rows, end: "complete" };
}

function addLength(sum: number, cell: Cell): number {
  return sum + String(cell).length;
}
