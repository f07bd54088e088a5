// What a statement may do: read the database it is in, and nothing else.

import { actionName, VERDICTS } from "./sqlite.ts";
import type { Database, Detail } from "./sqlite.ts";

/** The longest text or BLOB that a statement may make, in bytes. */
const MAX_VALUE_BYTES = 1_000_000;
/** The most columns of a result. */
const MAX_COLUMNS = 100;

/** What may be done without a look at what it is done to. */
const READING: readonly string[] = ["READ", "RECURSIVE", "SELECT"];

/** The pragmas that only describe tables. Others change settings, touch files or tell of the machine. */
const DESCRIBING_PRAGMAS: readonly string[] = [
  "foreign_key_list",
  "index_info",
  "index_list",
  "index_xinfo",
  "table_info",
  "table_list",
  "table_xinfo",
];

/** The built-in functions that do more than compute: they load code, take pointers, write to a log. */
const ACTING_FUNCTIONS: readonly string[] = [
  "fts3_tokenizer",
  "load_extension",
  "sqlite_log",
];

/** Makes a database one that can only be read, for good. Returns what tells of refusals. */
export function makeReadOnly(database: Database): Refusals {
  // What does not fit into SQLite's cache stays in memory, where a limit can hold, and never gets into a file.
  database.exec("PRAGMA temp_store = MEMORY; PRAGMA query_only = ON");
  database.enableDefensive(true);
  database.limits.length = MAX_VALUE_BYTES;
  database.limits.column = MAX_COLUMNS;
  database.limits.attach = 0;
  const refusals = new Refusals();
  database.setAuthorizer((action, first, second) => {
    const name = actionName(action);
    if (isReading(name, first, second)) return VERDICTS.allow;
    refusals.add(name, first, second);
    return VERDICTS.deny;
  });
  return refusals;
}

/** What statements wanted to do and may not. */
export class Refusals {
  /** The first of them, such as `DELETE`, `PRAGMA journal_mode` or `load_extension()`. */
  first?: string;

  /** Notes one. */
  add(action: string, first: Detail, second: Detail): void {
    const name = action === "PRAGMA"
      ? `PRAGMA ${first}`
      : action === "FUNCTION"
      ? `${second}()`
      : action.replaceAll("_", " ");
    this.first ??= name;
  }
}

function isReading(action: string, first: Detail, second: Detail): boolean {
  switch (action) {
    case "PRAGMA":
      return DESCRIBING_PRAGMAS.includes(String(first).toLowerCase());
    case "FUNCTION":
      return !ACTING_FUNCTIONS.includes(String(second).toLowerCase());
    default:
      return READING.includes(action);
  }
}
