// Statements in processes of their own: how they are stopped, and what they leave.

import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { Statements } from "../../lib/demo/statements.ts";
import type { StatementOptions } from "../../lib/demo/statements.ts";
import {
  firstStatementOf,
  statementsOf,
} from "../support/statement_processes.ts";
import { ENDLESS_SQL, HUNGRY_SQL } from "../support/endless_sql.ts";

const LONG_MS = 60_000;

function options(
  sql: string,
  { timeLimitMs = LONG_MS, signal = new AbortController().signal }: {
    timeLimitMs?: number;
    signal?: AbortSignal;
  } = {},
): StatementOptions {
  return { sql, maxRows: 10, timeLimitMs, signal };
}

const ONE = { columns: ["1"], rows: [[1]], end: "complete" };

describe("a statement", () => {
  it("is answered, and its process is gone then", async () => {
    await using statements = new Statements();
    assert.deepEqual(await statements.run(options("SELECT 1")), ONE);
    assert.deepEqual(statementsOf(process.pid), []);
  });

  it("may be as long as a model writes", async () => {
    await using statements = new Statements();
    const answer = await statements.run(
      options(`SELECT 1 -- ${"😀".repeat(200_000)}`),
    );
    assert.ok("rows" in answer);
    assert.deepEqual(answer.rows, [[1]]);
  });

  it("is stopped at its time limit", async () => {
    await using statements = new Statements();
    const answer = await statements.run(
      options(ENDLESS_SQL, { timeLimitMs: 300 }),
    );
    assert.ok("error" in answer);
    assert.match(answer.error, /longer than its limit of 300 ms/);
    assert.deepEqual(statementsOf(process.pid), []);
  });

  it("is stopped when it takes too much memory", async () => {
    await using statements = new Statements();
    const answer = await statements.run(options(HUNGRY_SQL));
    assert.ok("error" in answer);
    assert.match(answer.error, /more memory than it may \(256 MiB\)/);
  });

  it("is stopped when nobody wants its answer any more", async () => {
    await using statements = new Statements();
    const { signal, ...gone } = withAbort();
    const answer = statements.run(options(ENDLESS_SQL, { signal }));
    await firstStatementOf(process.pid);
    gone.abort();
    assert.deepEqual(await answer, { error: "The statement was cancelled" });
    assert.deepEqual(statementsOf(process.pid), []);
  });

  it("waits for its turn, and does not start when it is cancelled meanwhile", async () => {
    await using statements = new Statements();
    const { signal, abort } = withAbort();
    const running = [1, 2, 3, 4].map(() =>
      statements.run(options(ENDLESS_SQL, { signal }))
    );
    const cancelled = withAbort();
    const order: string[] = [];
    const waiting = [
      statements.run(options("SELECT 2", { signal: cancelled.signal }))
        .finally(() => order.push("cancelled")),
      statements.run(options("SELECT 1")).finally(() => order.push("run")),
    ];
    await firstStatementOf(process.pid);
    cancelled.abort();
    assert.equal(statementsOf(process.pid).length, 4);
    assert.deepEqual(order, []);
    abort();
    await Promise.all(running);
    assert.deepEqual(await Promise.all(waiting), [
      { error: "The statement was cancelled" },
      ONE,
    ]);
    assert.deepEqual(order, ["cancelled", "run"]);
  });

  it("is refused when a hundred wait already", async () => {
    const statements = new Statements();
    const all = Array.from(
      { length: 104 },
      () => statements.run(options(ENDLESS_SQL)),
    );
    assert.deepEqual(await statements.run(options("SELECT 1")), {
      error: "Too many statements are waiting; try again later",
    });
    await statements[Symbol.asyncDispose]();
    const answers = await Promise.all(all);
    assert.ok(answers.every((answer) => "error" in answer));
    assert.deepEqual(statementsOf(process.pid), []);
  });
});

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
