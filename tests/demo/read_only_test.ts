// That a sample database cannot be changed or left, whatever is run on it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeReadOnly } from "../../lib/demo/read_only.ts";
import { openSample } from "../../lib/demo/sample.ts";
import { VERDICTS } from "../../lib/demo/sqlite.ts";
import type { Database } from "../../lib/demo/sqlite.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

describe("a read-only database", () => {
  for (
    const sql of [
      "INSERT INTO keepers (name, hired_on) VALUES ('x', 'y')",
      "DELETE FROM bugs",
      "DROP TABLE feedings",
      "CREATE TABLE t (i)",
      "CREATE TEMP TABLE t (i)",
      "CREATE VIRTUAL TABLE t USING fts5(x)",
      "ALTER TABLE bugs RENAME TO features",
      "ATTACH ':memory:' AS other",
      "VACUUM",
      "BEGIN",
      "SAVEPOINT s",
      "PRAGMA query_only = OFF",
      "PRAGMA schema_version = 1",
    ]
  ) {
    it(`takes no ${sql}`, () => {
      const database = openSample();
      const refusals = makeReadOnly(database);
      assert.throws(() => database.exec(sql), /not authorized|denied/);
      assert.ok(refusals.first);
      database.close();
    });
  }

  it("takes no more than 100 columns", () => {
    const database = openSample();
    makeReadOnly(database);
    const columns = (count: number) => `VALUES (${Array(count).fill(1)})`;
    database.prepare(columns(100)).all();
    assert.throws(() => database.prepare(columns(101)), /too many/);
    database.close();
  });

  it("makes no file", async () => {
    await using folder = await TemporaryFolder.create();
    const file = join(folder.path, "made.db");
    const database = openSample();
    makeReadOnly(database);
    for (const sql of [`ATTACH '${file}' AS x`, `VACUUM INTO '${file}'`]) {
      assert.throws(() => database.exec(sql), /not authorized|denied/);
    }
    database.close();
    assert.ok(!existsSync(file));
  });
});

describe("a read-only database whose authorizer lets everything through", () => {
  function unguarded(): Database {
    const database = openSample();
    // Some runtimes have it on from the start, and need not.
    database.enableDefensive(false);
    makeReadOnly(database);
    database.setAuthorizer(() => VERDICTS.allow);
    return database;
  }

  it("is not written to", () => {
    const database = unguarded();
    assert.throws(
      () => database.exec("DELETE FROM feedings"),
      /attempt to write a readonly database/,
    );
    database.close();
  });

  it("keeps its schema even where it can be written to", () => {
    const database = unguarded();
    database.exec("PRAGMA query_only = OFF; PRAGMA writable_schema = ON");
    database.exec("DELETE FROM feedings");
    assert.throws(
      () => database.exec("UPDATE sqlite_schema SET sql = ''"),
      /may not be modified/,
    );
    database.close();
  });

  it("has no other database beside it", () => {
    const database = unguarded();
    assert.throws(
      () => database.exec("ATTACH ':memory:' AS other"),
      /too many attached databases/,
    );
    database.close();
  });

  it("keeps in memory what it does not need for long", () => {
    const database = unguarded();
    const memory = 2; // As sqlite.org/pragma.html#pragma_temp_store has it.
    const [row] = database.prepare("PRAGMA temp_store").all();
    assert.deepEqual({ ...row }, { temp_store: memory });
    database.close();
  });
});
