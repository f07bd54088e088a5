// A table that is shown row by row, while it grows.

import { shown } from "./table.ts";
import type { Cell, Table } from "./table.ts";

/** The width of a column of numbers. */
const NUMBER_WIDTH = 10;

/** A column: of numbers, or of words of at most so many characters. */
export type Column = string | readonly [name: string, width: number];

/** Hands each row on as a line, with room for what may come. */
export class LiveTable implements Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: Cell[][] = [];
  readonly #columns: readonly Column[];
  readonly #show: (line: string) => void;

  constructor(
    title: string,
    columns: readonly Column[],
    show: (line: string) => void,
  ) {
    this.title = title;
    this.columns = columns.map((one) => typeof one === "string" ? one : one[0]);
    this.#columns = columns;
    this.#show = show;
    show(`\n${title}\n`);
    this.#line(this.columns);
  }

  /** The next row. */
  add(...row: readonly Cell[]): void {
    this.rows.push([...row]);
    this.#line(row);
  }

  #line(row: readonly Cell[]): void {
    const cells = this.#columns.map((column, index) => {
      const text = shown(row[index] ?? "");
      return typeof column === "string"
        ? text.padStart(NUMBER_WIDTH)
        : text.padEnd(column[1]);
    });
    this.#show(cells.join("  ").trimEnd());
  }
}
