// Many waits that hardly ever run out, on one timer: starting and ending one costs next to nothing.

/** Node's timers end at once beyond this many milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One wait. */
export interface Deadline {
  /** As `performance.now()` has it. */
  readonly at: number;
  readonly expire: () => void;
}

/** The waits of one owner, who ends them all with `clear()`. */
export class Deadlines {
  readonly #waits = new Set<Deadline>();
  #timer?: ReturnType<typeof setTimeout>;
  #timerAt = Infinity;

  /** Starts a wait; unless it is ended before, `expire` is called once, after `ms`. */
  start(ms: number, expire: () => void): Deadline {
    const wait = { at: performance.now() + ms, expire };
    this.#waits.add(wait);
    if (wait.at < this.#timerAt) this.#arm(wait.at);
    return wait;
  }

  /** Ends a wait. The timer stays: the next wait will want it. */
  end(wait: Deadline | undefined): void {
    if (wait) this.#waits.delete(wait);
  }

  /** Ends all, and the timer. */
  clear(): void {
    this.#waits.clear();
    this.#disarm();
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    const ms = Math.max(0, Math.ceil(at - performance.now()));
    const timer = setTimeout(
      () => this.#expire(),
      Math.min(ms, LONGEST_TIMER_MS),
    );
    this.#timer = timer;
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  #expire(): void {
    this.#disarm();
    const now = performance.now();
    try {
      for (const wait of [...this.#waits]) {
        if (wait.at <= now && this.#waits.delete(wait)) wait.expire();
      }
    } finally {
      let next = this.#timerAt;
      for (const { at } of this.#waits) next = Math.min(next, at);
      if (next < this.#timerAt) this.#arm(next);
    }
  }
}
