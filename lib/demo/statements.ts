// Runs statements, a few at a time, each for a limited time.

import { inChild } from "./statement_child.ts";
import type { StatementAnswer } from "./statement.ts";

/** How many statements run at the same time; the others wait in order. */
const MAX_RUNNING = 4;
/** How many may wait. */
const MAX_WAITING = 100;
/** How much later than its limit a statement ends itself, where its server died and nobody kills it. */
const ORPHAN_GRACE_MS = 2_000;

/** What to run, and how much of it. */
export interface StatementOptions {
  readonly sql: string;
  readonly maxRows: number;
  /** From the start of its process; waiting for others does not count. */
  readonly timeLimitMs: number;
  /** Ends the statement. */
  readonly signal: AbortSignal;
}

/** The statements of one server; disposing of it ends them all. */
export class Statements implements AsyncDisposable {
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  /** What gives a waiting statement its turn, in order. While there are any, none is free. */
  readonly #waiting = new Set<() => void>();
  #free = MAX_RUNNING;

  /** The rows, or what went wrong, for whoever wrote the statement. */
  async run(options: StatementOptions): Promise<StatementAnswer> {
    const gone = AbortSignal.any([options.signal, this.#closing.signal]);
    if (gone.aborted) return CANCELLED;
    if (this.#waiting.size >= MAX_WAITING) {
      return { error: "Too many statements are waiting; try again later" };
    }
    if (await this.#turn(gone) === "cancelled") return CANCELLED;
    const work = this.#runNow(options, gone);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
      this.#passTurn();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  /** Waits for a turn, which `#passTurn` ends; who is gone meanwhile leaves the queue at once. */
  async #turn(gone: AbortSignal): Promise<"granted" | "cancelled"> {
    if (this.#free > 0) {
      this.#free--;
      return "granted";
    }
    const { promise, resolve } = Promise.withResolvers<
      "granted" | "cancelled"
    >();
    const grant = () => resolve("granted");
    const leave = () => {
      if (this.#waiting.delete(grant)) resolve("cancelled");
    };
    this.#waiting.add(grant);
    gone.addEventListener("abort", leave);
    try {
      return await promise;
    } finally {
      gone.removeEventListener("abort", leave);
    }
  }

  /** Hands the turn over: if it were free in between, somebody else could take it. */
  #passTurn(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  async #runNow(
    { sql, maxRows, timeLimitMs }: StatementOptions,
    gone: AbortSignal,
  ): Promise<StatementAnswer> {
    // It may be gone since its turn came.
    if (gone.aborted) return CANCELLED;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeLimitMs);
    try {
      const answer = await inChild(
        { sql, maxRows, timeLimitMs: timeLimitMs + ORPHAN_GRACE_MS },
        AbortSignal.any([gone, late.signal]),
      );
      if (gone.aborted) return CANCELLED;
      return late.signal.aborted ? tooSlow(timeLimitMs) : answer;
    } finally {
      clearTimeout(timer);
    }
  }
}

const CANCELLED: StatementAnswer = { error: "The statement was cancelled" };

function tooSlow(limitMs: number): StatementAnswer {
  return {
    error:
      `The statement was stopped: it took longer than its limit of ${limitMs} ms. ` +
      "A recursive query may lack its LIMIT, a join its condition",
  };
}
