// Keeps the load of a soak within what two processors do without effort.

import { setTimeout as delay } from "node:timers/promises";

/** How many processors all of it may use on average. */
const TARGET = 1.1;
/** How much longer, or shorter, than planned pauses may get. */
const MOST = 20;
const LEAST = 0.5;
/** A session that pauses longer would be taken for idle. */
const LONGEST_PAUSE_MS = 2_500;

/** Stretches planned pauses. */
export class Pacer {
  #stretch = 1;

  /** How much longer pauses are than planned. */
  get stretch(): number {
    return this.#stretch;
  }

  /** Told how many processors were used lately. */
  used(processors: number): void {
    const wanted = this.#stretch * Math.sqrt(processors / TARGET);
    this.#stretch = Math.min(MOST, Math.max(LEAST, wanted));
  }

  /** Waits as planned, more or less; rejects when `signal` fires. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const stretched = Math.min(ms * this.#stretch, LONGEST_PAUSE_MS);
    await delay(stretched, undefined, { signal });
  }
}
