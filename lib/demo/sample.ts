// The sample database: a zoo for software bugs, made anew in the memory of each process that asks for it.

import { databaseInMemory } from "./sqlite.ts";
import type { Database } from "./sqlite.ts";
import zoo from "./zoo.sql" with { type: "text" };

/** The sample with all its rows, writable as yet. */
export function openSample(): Database {
  const database = databaseInMemory();
  database.exec(zoo);
  return database;
}
