// SQLite as both runtimes have it, with what their common declarations of `node:sqlite` lack.

import { constants, DatabaseSync } from "node:sqlite";
import type { SQLOutputValue, StatementSync } from "node:sqlite";

/** A database; see nodejs.org/api/sqlite.html. */
export interface Database extends Omit<DatabaseSync, "prepare"> {
  /** What a statement may take (sqlite.org/limits.html). */
  readonly limits: { length: number; column: number; attach: number };
  prepare(sql: string): Statement;
  /** Forbids what could damage the database file. */
  enableDefensive(isOn: boolean): void;
  /** Asks before a statement is compiled; the answer is one of `VERDICTS`. */
  setAuthorizer(
    ask: (action: number, first: Detail, second: Detail) => number,
  ): void;
}

/** A compiled statement. */
export interface Statement extends Omit<StatementSync, "iterate"> {
  /** Whether rows are arrays in place of objects, in which two columns of one name would be one. */
  setReturnArrays(isOn: boolean): void;
  iterate(): Iterable<readonly SQLOutputValue[]>;
}

/** What an action is about: a table, a pragma, a function. */
export type Detail = string | null;

/** An empty database in memory. */
export function databaseInMemory(): Database {
  return new DatabaseSync(":memory:") as unknown as Database;
}

const CODES = constants as unknown as Readonly<Record<string, number>>;

/** What an authorizer answers. */
export const VERDICTS = {
  allow: CODES.SQLITE_OK as number,
  deny: CODES.SQLITE_DENY as number,
};

const NO_ACTION = /_CHANGESET_|_OK$|_DENY$|_IGNORE$/;
const ACTION_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CODES).filter(([name]) => !NO_ACTION.test(name))
    .map(([name, code]) => [code, name.slice("SQLITE_".length)]),
);

/** The name of an action, such as `CREATE_TEMP_VIEW` (sqlite.org/c3ref/c_alter_table.html). */
export function actionName(action: number): string {
  return ACTION_NAMES.get(action) ?? `action ${action}`;
}
