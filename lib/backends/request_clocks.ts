// How long each open request may still take; the clocks stand still while the backend itself waits for the client.

import { Deadlines } from "../channel/deadlines.ts";
import type { Deadline } from "../channel/deadlines.ts";

interface Clock {
  readonly limitMs: number;
  readonly expire: () => void;
  remainingMs: number;
  /** Absent while it stands still. */
  deadline?: Deadline;
}

/** The clocks of a channel's open requests, by key. */
export class RequestClocks {
  readonly #clocks = new Map<string, Clock>();
  readonly #deadlines = new Deadlines();

  /** How many requests are open. */
  get size(): number {
    return this.#clocks.size;
  }

  /** Starts a clock; `expire` is called once after `limitMs`, and the clock is then gone. */
  start(key: string, limitMs: number, expire: () => void): void {
    this.stop(key);
    const clock = { limitMs, expire, remainingMs: limitMs };
    this.#clocks.set(key, clock);
    this.#run(key, clock);
  }

  /** Gives a request its whole time again. */
  restart(key: string): void {
    const clock = this.#clocks.get(key);
    if (!clock) return;
    clock.remainingMs = clock.limitMs;
    if (clock.deadline) this.#run(key, clock);
  }

  /** Ends a clock; `false` when there is none. */
  stop(key: string): boolean {
    const clock = this.#clocks.get(key);
    if (!clock) return false;
    this.#deadlines.end(clock.deadline);
    return this.#clocks.delete(key);
  }

  /** Stops the time of all that run now. */
  pause(): void {
    const now = performance.now();
    for (const clock of this.#clocks.values()) {
      if (!clock.deadline) continue;
      clock.remainingMs = clock.deadline.at - now;
      this.#deadlines.end(clock.deadline);
      clock.deadline = undefined;
    }
  }

  /** Lets the time of all go on. */
  resume(): void {
    for (const [key, clock] of this.#clocks) {
      if (!clock.deadline) this.#run(key, clock);
    }
  }

  /** Ends all clocks. */
  stopAll(): void {
    this.#clocks.clear();
    this.#deadlines.clear();
  }

  #run(key: string, clock: Clock): void {
    this.#deadlines.end(clock.deadline);
    clock.deadline = this.#deadlines.start(clock.remainingMs, () => {
      this.#clocks.delete(key);
      clock.expire();
    });
  }
}
