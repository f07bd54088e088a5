// That a sample database cannot be changed or left, whatever is run on it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeReadOnly } from "../../lib/demo/read_only.ts";
import { openSample } from "../../lib/demo/sample.ts";
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
