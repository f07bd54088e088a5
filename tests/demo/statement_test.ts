// What a statement may do, and how its rows look.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { answerTo } from "../../lib/demo/statement.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

function rowsOf(sql: string, maxRows = 100) {
  const answer = answerTo({ sql, maxRows });
  if ("error" in answer) throw new Error(answer.error);
  return answer;
}

function errorOf(sql: string): string {
  const answer = answerTo({ sql, maxRows: 100 });
  assert.ok("error" in answer, `${sql} was run: ${JSON.stringify(answer)}`);
  return answer.error;
}

const COUNT_UP =
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000000)";

describe("a statement that reads", () => {
  for (
    const sql of [
      "SELECT 1",
      "select 1;",
      " ;;/* a; b */ -- c;\n SELECT 1 ; /* d */ ; -- e",
      "SELECT 1 -- no line end",
      "SELECT 1 /* never closed",
      "SELECT ';' AS \"a;b\", '-- no comment' -- a comment",
      "VALUES (1), (2)",
      "WITH one (i) AS (SELECT 1) SELECT i FROM one",
      "EXPLAIN SELECT * FROM bugs",
      "EXPLAIN QUERY PLAN SELECT * FROM bugs",
      "PRAGMA table_info(bugs)",
      "SELECT name FROM pragma_table_info('bugs')",
      "SELECT value FROM json_each('[1, 2]')",
      "SELECT sql FROM sqlite_schema",
    ]
  ) {
    it(`is run: ${JSON.stringify(sql)}`, () => {
      assert.ok(rowsOf(sql).rows.length > 0);
    });
  }

  it("gives the rows in the order of their columns, also of two with one name", () => {
    assert.deepEqual(rowsOf("SELECT 1 AS a, 'x' AS b, 2.5 AS a"), {
      columns: ["a", "b", "a"],
      rows: [[1, "x", 2.5]],
      end: "complete",
    });
  });

  it("has columns where it has no rows", () => {
    const { columns, rows } = rowsOf("SELECT name FROM bugs WHERE 0");
    assert.deepEqual([columns, rows], [["name"], []]);
  });

  it("is not read further than asked for", () => {
    const { rows, end } = rowsOf(`${COUNT_UP} SELECT i FROM n`, 3);
    assert.deepEqual(rows, [[1], [2], [3]]);
    assert.equal(end, "row_limit");
    assert.equal(rowsOf("VALUES (1), (2), (3)", 3).end, "complete");
  });

  it("gives no more than a model can read", () => {
    const sql = `${COUNT_UP} SELECT hex(zeroblob(300)) FROM n`;
    const { rows, end } = rowsOf(sql, 1_000);
    assert.equal(end, "size_limit");
    assert.ok(rows.length > 100 && rows.length < 200, `${rows.length} rows`);
  });

  it("gives the message of SQLite when it fails on the way", () => {
    assert.equal(
      errorOf("SELECT json(name) FROM bugs"),
      "SQLite: malformed JSON",
    );
  });
});

describe("a value", () => {
  const cases: readonly [string, unknown][] = [
    ["NULL", null],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", "9007199254740993"],
    ["-9223372036854775807 - 1", "-9223372036854775808"],
    ["0.1", 0.1],
    ["1e999", "Infinity"],
    ["-1e999", "-Infinity"],
    ["1e999 - 1e999", null],
    ["'😀|' || char(10)", "😀|\n"],
    ["CAST(x'ff41' AS TEXT)", "\ufffdA"],
    ["x''", "x''"],
    ["x'00ff'", "x'00ff'"],
    ["'?'", "?"],
    ["zeroblob(1000)", `x'${"00".repeat(256)}'… (cut: 1000 bytes)`],
    ["hex(zeroblob(600))", `${"0".repeat(1_000)}… (cut: 1200 characters)`],
  ];
  for (const [sql, cell] of cases) {
    it(`looks like itself: ${sql}`, () => {
      assert.deepEqual(rowsOf(`SELECT ${sql}`).rows, [[cell]]);
    });
  }

  it("can be no longer than a million bytes", () => {
    for (
      const sql of ["randomblob(1000000000)", "printf('%1000000000d', 1)"]
    ) {
      assert.equal(
        errorOf(`SELECT ${sql}`),
        "SQLite: string or blob too big",
      );
    }
  });
});

describe("a statement that does more than read", () => {
  for (
    const sql of [
      "DELETE FROM bugs RETURNING *",
      "INSERT INTO bugs SELECT * FROM bugs",
      "UPDATE bugs SET lines = 0",
      "DROP TABLE bugs",
      "/* SELECT */ CREATE TEMP TABLE t (i)",
      "-- SELECT\nATTACH 'other.db' AS other",
      "DETACH main",
      "VACUUM",
      "VACUUM INTO 'copy.db'",
      "BEGIN",
      "REINDEX",
      "ANALYZE",
      "select_me",
      "(SELECT 1)",
    ]
  ) {
    it(`is not run: ${JSON.stringify(sql)}`, () => {
      assert.match(errorOf(sql), /^Only statements that read are run/);
    });
  }

  const refused: readonly [string, string][] = [
    ["WITH one AS (SELECT 1) DELETE FROM bugs", "DELETE"],
    ["WITH one AS (SELECT 1) INSERT INTO keepers VALUES (9)", "INSERT"],
    ["WITH one AS (SELECT 1) UPDATE bugs SET lines = 0 RETURNING *", "UPDATE"],
    ["EXPLAIN DELETE FROM bugs", "DELETE"],
    ["EXPLAIN ATTACH 'other.db' AS other", "ATTACH"],
    ["PRAGMA query_only = 0", "PRAGMA query_only"],
    ["PRAGMA query_only", "PRAGMA query_only"],
    ["PRAGMA writable_schema = 1", "PRAGMA writable_schema"],
    ["PRAGMA temp_store_directory = '/'", "PRAGMA temp_store_directory"],
    ["SELECT * FROM pragma_journal_mode", "PRAGMA journal_mode"],
    ["SELECT * FROM pragma_database_list", "PRAGMA database_list"],
    ["SELECT load_extension('x')", "load_extension()"],
    ["SELECT LOAD_EXTENSION('x')", "load_extension()"],
    ["SELECT fts3_tokenizer('simple')", "fts3_tokenizer()"],
    ["SELECT sqlite_log(1, 'x')", "sqlite_log()"],
  ];
  for (const [sql, what] of refused) {
    it(`is refused: ${sql}`, () => {
      assert.equal(
        errorOf(sql),
        `${what} is refused: a statement may read the tables and describe them, nothing else`,
      );
    });
  }

  it("makes no file", async () => {
    await using folder = await TemporaryFolder.create();
    const file = join(folder.path, "made.db");
    for (const sql of [`ATTACH '${file}' AS x`, `VACUUM INTO '${file}'`]) {
      errorOf(sql);
      answerTo({ sql: `EXPLAIN ${sql}`, maxRows: 100 });
    }
    assert.ok(!existsSync(file));
  });
});

describe("a statement with a parameter", () => {
  for (const sql of ["SELECT ?", "WITH a AS (SELECT :x) SELECT * FROM a"]) {
    it(`is refused, as nobody gives it a value: ${sql}`, () => {
      assert.match(errorOf(sql), /^The statement has a parameter/);
    });
  }
});

describe("a text that is not one statement", () => {
  for (
    const sql of [
      "SELECT 1; DROP TABLE bugs",
      "SELECT 1; SELECT 2",
      "SELECT ';'; /* ; */ x",
      "SELECT 1;\u00a0",
    ]
  ) {
    it(`is refused where there is more: ${JSON.stringify(sql)}`, () => {
      assert.match(errorOf(sql), /^There is more than one statement/);
    });
  }

  for (const sql of ["", " \n", ";", "-- SELECT 1", "/* SELECT 1 */", "/*"]) {
    it(`is refused where there is nothing: ${JSON.stringify(sql)}`, () => {
      assert.equal(errorOf(sql), "There is no statement in the text");
    });
  }

  it("is refused where a NUL would end it early", () => {
    assert.match(errorOf("SELECT 1\0; DROP TABLE bugs"), /NUL character/);
  });

  it("is told what is wrong with it", () => {
    assert.equal(errorOf("SELECT FROM"), 'SQLite: near "FROM": syntax error');
    assert.equal(errorOf("SELECT x\ud800"), "SQLite: no such column: x\ufffd");
  });
});
