// What is in the sample database: its tables and views, and what each is made of.

import { asCell } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { openSample } from "./sample.ts";
import type { Database } from "./sqlite.ts";

/** How many rows a description shows. */
const SAMPLE_ROWS = 3;

/** A table or view, in a few words. */
export type TableSummary = {
  name: string;
  kind: "table" | "view";
  rows: number;
  about: string;
};

/** A column of a table or view. */
export type Column = {
  name: string;
  type: string;
  nullable: boolean;
  /** Its place in the primary key, from 1; 0 where it is not part of it. */
  primary_key: number;
  /** `table.column` that a foreign key points to. */
  references?: string;
};

/** An index, and the columns it sorts by. */
export type Index = { name: string; unique: boolean; columns: string[] };

/** A table or view in full. */
export type TableDescription = TableSummary & {
  columns: Column[];
  indexes: Index[];
  first_rows: Cell[][];
  sql: string;
};

type Row = Readonly<Record<string, string | number | null>>;

/** Describes the sample. */
export class Catalog {
  readonly #database: Database = openSample();

  /** All tables and views, tables first. */
  tables(): TableSummary[] {
    return this.#entries().map((entry) => this.#summary(entry));
  }

  /** One table or view, whatever the case of its name; `undefined` where there is none. */
  describe(name: string): TableDescription | undefined {
    const wanted = name.trim().toLowerCase();
    const entry = this.#entries().find((one) => one.name === wanted);
    if (entry === undefined) return undefined;
    const columns = this.#columns(wanted);
    return {
      ...this.#summary(entry),
      columns,
      indexes: this.#indexes(wanted),
      first_rows: this.#firstRows(wanted, columns),
      sql: `${entry.sql};`,
    };
  }

  /** The statements that make it, without the rows. */
  schema(): string {
    const all = this.#all(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid",
    );
    return all.map(({ sql }) => `${sql};\n`).join("\n");
  }

  #entries(): readonly Row[] {
    return this.#all(
      "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY type, rowid",
    );
  }

  #summary({ type, name, sql }: Row): TableSummary {
    const [count] = this.#all(`SELECT count(*) AS rows FROM "${name}"`);
    const [, about = ""] = /--\s*(.+)/.exec(String(sql)) ?? [];
    return {
      name: String(name),
      kind: type === "view" ? "view" : "table",
      rows: Number(count?.rows),
      about,
    };
  }

  #columns(table: string): Column[] {
    const references = new Map(
      this.#all("SELECT * FROM pragma_foreign_key_list(?)", table)
        .map((key) => [key.from, `${key.table}.${key.to}`]),
    );
    return this.#all("SELECT * FROM pragma_table_info(?)", table).map((row) => {
      const target = references.get(row.name ?? null);
      return {
        name: String(row.name),
        type: String(row.type),
        // The primary key of a table whose rows are numbered by it is never NULL.
        nullable: row.notnull === 0 && row.pk === 0,
        primary_key: Number(row.pk),
        ...(target === undefined ? {} : { references: target }),
      };
    });
  }

  #indexes(table: string): Index[] {
    return this.#all("SELECT * FROM pragma_index_list(?)", table)
      .map(({ name, unique }) => ({
        name: String(name),
        unique: unique === 1,
        columns: this.#all("SELECT name FROM pragma_index_info(?)", name ?? "")
          .map((column) => String(column.name)),
      }));
  }

  #firstRows(table: string, columns: readonly Column[]): Cell[][] {
    return this.#all(`SELECT * FROM "${table}" LIMIT ${SAMPLE_ROWS}`)
      .map((row) => columns.map(({ name }) => asCell(row[name] ?? null)));
  }

  #all(sql: string, ...values: (string | number)[]): readonly Row[] {
    return this.#database.prepare(sql).all(...values) as readonly Row[];
  }
}
