// Statements in processes of their own: how they are stopped, and what they leave.

import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
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

const CANCELLED = { error: "The statement was cancelled" };
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
    assert.deepEqual(await answer, CANCELLED);
    assert.deepEqual(statementsOf(process.pid), []);
  });

  it("waits for its turn", async () => {
    await using statements = new Statements();
    const { signal, abort } = withAbort();
    const running = fourEndless(statements, signal);
    let isAnswered = false;
    const waiting = statements.run(options("SELECT 1"))
      .finally(() => isAnswered = true);
    await everyStart();
    assert.equal(statementsOf(process.pid).length, 4);
    assert.ok(!isAnswered);
    abort();
    assert.deepEqual(await Promise.all(running), Array(4).fill(CANCELLED));
    assert.deepEqual(await waiting, ONE);
  });

  it("is not started when it is cancelled before its turn", async () => {
    await using statements = new Statements();
    const running = fourEndless(statements);
    const { signal, abort } = withAbort();
    const waiting = statements.run(options(ENDLESS_SQL, { signal }));
    await everyStart();
    const before = statementsOf(process.pid);
    abort();
    assert.deepEqual(await waiting, CANCELLED);
    assert.deepEqual(
      await statements.run(options("SELECT 1", { signal })),
      CANCELLED,
    );
    assert.deepEqual(statementsOf(process.pid), before);
    await statements[Symbol.asyncDispose]();
    await Promise.all(running);
  });

  it("takes no turn from one that waits, whenever it comes", async () => {
    const statements = new Statements();
    const endless = () => statements.run(options(ENDLESS_SQL));
    const all = [endless(), endless(), endless()];
    const { signal, abort } = withAbort();
    // It has the fourth turn, and gives it back at once.
    all.push(statements.run(options(ENDLESS_SQL, { signal })));
    all.push(endless());
    abort();
    for (let step = 0; step < 30; step++) {
      await Promise.resolve();
      all.push(endless());
    }
    await everyStart();
    assert.equal(statementsOf(process.pid).length, 4);
    await statements[Symbol.asyncDispose]();
    assert.deepEqual(await Promise.all(all), all.map(() => CANCELLED));
    assert.deepEqual(statementsOf(process.pid), []);
  });

  it("is refused while a hundred wait", async () => {
    const statements = new Statements();
    const endless = () => statements.run(options(ENDLESS_SQL));
    const all = Array.from({ length: 103 }, endless);
    const { signal, abort } = withAbort();
    const last = statements.run(options(ENDLESS_SQL, { signal }));
    assert.deepEqual(await endless(), {
      error: "Too many statements are waiting; try again later",
    });
    abort();
    assert.deepEqual(await last, CANCELLED);
    all.push(endless());
    await statements[Symbol.asyncDispose]();
    assert.deepEqual(await Promise.all(all), all.map(() => CANCELLED));
    assert.deepEqual(statementsOf(process.pid), []);
  });
});

function fourEndless(statements: Statements, signal?: AbortSignal) {
  return Array.from(
    { length: 4 },
    () => statements.run(options(ENDLESS_SQL, { signal })),
  );
}

/** Resolves once the process of each statement that has its turn is there: starting one takes no turn of the event loop. */
async function everyStart(): Promise<void> {
  await setImmediate();
}

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
