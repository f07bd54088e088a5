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
  readonly #waiting: (() => void)[] = [];
  #free = MAX_RUNNING;

  /** The rows, or what went wrong, for whoever wrote the statement. */
  async run(options: StatementOptions): Promise<StatementAnswer> {
    if (this.#waiting.length >= MAX_WAITING) {
      return { error: "Too many statements are waiting; try again later" };
    }
    await this.#turn();
    const work = this.#runNow(options);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
      this.#free++;
      this.#waiting.shift()?.();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  async #turn(): Promise<void> {
    if (this.#free === 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#free--;
  }

  async #runNow(
    { sql, maxRows, timeLimitMs, signal }: StatementOptions,
  ): Promise<StatementAnswer> {
    const gone = AbortSignal.any([signal, this.#closing.signal]);
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
