// How the demo database ends, and that no statement outlives it.

import assert from "node:assert/strict";
import { readFileSync, readlinkSync } from "node:fs";
import process from "node:process";
import { after, describe, it } from "node:test";
import { DatabaseProcess, THIS_RUNTIME } from "../support/database_process.ts";
import { ENDLESS_SQL } from "../support/endless_sql.ts";
import { ended } from "../support/running.ts";
import {
  endedByItself,
  firstStatementOf,
  killStatements,
  statementsOf,
} from "../support/statement_processes.ts";

/** Much later than a statement ends that was left alone. */
const ORPHAN_LIMIT_MS = 20_000;

describe("the demo database", () => {
  it("ends with its input, and its statements end with it", async () => {
    await using database = await DatabaseProcess.start(THIS_RUNTIME);
    database.query(1, { sql: ENDLESS_SQL });
    const statement = await firstStatementOf(database.pid);
    database.child.stdin.end();
    assert.deepEqual(await database.ended, { code: 0, signal: null });
    await ended(statement);
    assert.equal(database.errors, "");
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends on ${signal}, and its statements end with it`, async () => {
      await using database = await DatabaseProcess.start(THIS_RUNTIME);
      database.query(1, { sql: ENDLESS_SQL });
      const statement = await firstStatementOf(database.pid);
      // Not `child.kill`, after which Deno takes any end for that of the signal.
      process.kill(database.pid, signal);
      assert.deepEqual(await database.ended, { code: 0, signal: null });
      await ended(statement);
    });
  }

  it("tells a statement nothing of its environment and its folder", async (t) => {
    if (process.platform !== "linux") return t.skip("this needs Linux' /proc");
    const env = { MARK: "secret" };
    await using database = await DatabaseProcess.start(THIS_RUNTIME, env);
    database.query(1, { sql: ENDLESS_SQL });
    const statement = await firstStatementOf(database.pid);
    const environments = [database.pid, statement].map(environmentOf);
    const folder = readlinkSync(`/proc/${statement}/cwd`);
    database.child.stdin.end();
    await database.ended;
    assert.match(String(environments[0]), /^MARK=secret$/m);
    assert.equal(environments[1], "");
    assert.equal(folder, "/");
  });

  it("ends when nobody reads its output", async () => {
    await using database = await DatabaseProcess.start(THIS_RUNTIME);
    database.child.stdout.destroy();
    database.query(1, { sql: "SELECT 1" });
    assert.equal((await database.ended).code, 0);
  });

  it("answers others while a statement runs, and ends that when it is cancelled", async () => {
    await using database = await DatabaseProcess.start(THIS_RUNTIME);
    database.query(1, { sql: ENDLESS_SQL });
    const statement = await firstStatementOf(database.pid);
    database.query(2, { sql: "SELECT 2" });
    const { result } = await database.answer(2);
    assert.deepEqual(result?.isError ?? false, false);
    assert.deepEqual(statementsOf(database.pid), [statement]);
    const params = { requestId: 1, reason: "changed my mind" };
    const method = "notifications/cancelled";
    database.say(JSON.stringify({ jsonrpc: "2.0", method, params }));
    await ended(statement);
    database.query(3, { sql: "SELECT 3" });
    await database.answer(3);
    const ids = database.messages.all.map(({ id }) => id);
    assert.deepEqual(ids, [0, 2, 3]);
  });

  it("takes what is no message as a mistake of the client, and does not repeat it", async () => {
    await using database = await DatabaseProcess.start(THIS_RUNTIME);
    database.say('{"secret":');
    database.say('["secret"]');
    database.query(1, { sql: "SELECT 1" });
    await database.answer(1);
    assert.match(
      database.errors,
      /^mcp-front demo database: a message could not be handled/,
    );
    assert.doesNotMatch(database.errors, /secret/);
  });
});

describe("a demo database that is killed", () => {
  const orphans: number[] = [];
  // Also where the test did not get as far as to wait for it.
  after(() => killStatements(orphans));

  it("leaves a statement that ends by itself", async () => {
    await using database = await DatabaseProcess.start(THIS_RUNTIME);
    database.query(1, { sql: ENDLESS_SQL, timeout_ms: 600 });
    const statement = await firstStatementOf(database.pid);
    orphans.push(statement);
    database.child.kill("SIGKILL");
    await endedByItself(statement, ORPHAN_LIMIT_MS);
  });
});

/** The environment that a process was started with, a variable a line. */
function environmentOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, "utf8").replaceAll("\0", "\n");
}
