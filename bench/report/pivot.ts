// The matrix as a page shows it: a row for each cell, a column for each participant.

import { shown } from "./table.ts";
import type { Cell, Table } from "./table.ts";

/** What is shown of each participant. */
export interface Pivot {
  readonly title: string;
  /** The columns that name a row. */
  readonly by: readonly string[];
  /** The columns whose figures stand in a cell, with a slash between. */
  readonly show: readonly string[];
}

type Row = readonly Cell[];

const NAME = "participant";

/** Turns a table with a row for each participant into one with a column for each that has any of the figures. */
export function pivoted(table: Table, { title, by, show }: Pivot): Table {
  const at = (row: Row, column: string) =>
    row[table.columns.indexOf(column)] ?? null;
  const figures = (row: Row) => show.map((column) => at(row, column));
  /** Why there is no figure stands where the first would be. */
  const reason = (row: Row) => row[table.columns.indexOf(NAME) + 1];
  const textOf = (row: Row | undefined): string => {
    if (!row) return "";
    const why = reason(row);
    if (typeof why === "string") return why;
    return figures(row).map(shown).join(" / ");
  };
  const keyOf = (row: Row) =>
    JSON.stringify(by.map((column) => at(row, column)));
  const hasAny = (row: Row) =>
    typeof reason(row) === "string" ||
    figures(row).some((one) => one !== null && !Number.isNaN(one));
  const names = [
    ...new Set(table.rows.filter(hasAny).map((row) => String(at(row, NAME)))),
  ];
  const rows = [...Map.groupBy(table.rows, keyOf).values()].map((group) => {
    const of = (name: string) => group.find((row) => at(row, NAME) === name);
    const head = by.map((column) => at(group[0] ?? [], column));
    return [...head, ...names.map((name) => textOf(of(name)))];
  });
  return { title, columns: [...by, ...names], rows };
}
