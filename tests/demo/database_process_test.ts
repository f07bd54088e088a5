// How the demo database ends, and that no statement outlives it.

import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { DatabaseProcess, THIS_RUNTIME } from "../support/database_process.ts";
import { ENDLESS_SQL } from "../support/endless_sql.ts";
import { ended } from "../support/running.ts";
import {
  firstStatementOf,
  statementsOf,
} from "../support/statement_processes.ts";

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

  it("that is killed leaves a statement that ends by itself", async () => {
    await using database = await DatabaseProcess.start(THIS_RUNTIME);
    database.query(1, { sql: ENDLESS_SQL, timeout_ms: 600 });
    const statement = await firstStatementOf(database.pid);
    database.child.kill("SIGKILL");
    await database.ended;
    await ended(statement);
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
