// How long each open request may still take; the clocks stand still while the backend itself waits for the client.

/** Node's timers end at once beyond this many milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Clock {
  readonly limitMs: number;
  readonly expire: () => void;
  remainingMs: number;
  startedAt: number;
  timer?: ReturnType<typeof setTimeout>;
}

/** The clocks of a channel's open requests, by key. */
export class RequestClocks {
  readonly #clocks = new Map<string, Clock>();

  /** How many requests are open. */
  get size(): number {
    return this.#clocks.size;
  }

  /** Starts a clock; `expire` is called once after `limitMs`, and the clock is then gone. */
  start(key: string, limitMs: number, expire: () => void): void {
    this.stop(key);
    const clock = { limitMs, expire, remainingMs: limitMs, startedAt: 0 };
    this.#clocks.set(key, clock);
    this.#run(key, clock);
  }

  /** Gives a request its whole time again. */
  restart(key: string): void {
    const clock = this.#clocks.get(key);
    if (!clock) return;
    clock.remainingMs = clock.limitMs;
    if (clock.timer !== undefined) this.#run(key, clock);
  }

  /** Ends a clock; `false` when there is none. */
  stop(key: string): boolean {
    clearTimeout(this.#clocks.get(key)?.timer);
    return this.#clocks.delete(key);
  }

  /** Stops the time of all that run now. */
  pause(): void {
    for (const clock of this.#clocks.values()) {
      if (clock.timer === undefined) continue;
      clearTimeout(clock.timer);
      clock.timer = undefined;
      clock.remainingMs -= performance.now() - clock.startedAt;
    }
  }

  /** Lets the time of all go on. */
  resume(): void {
    for (const [key, clock] of this.#clocks) {
      if (clock.timer === undefined) this.#run(key, clock);
    }
  }

  /** Ends all clocks. */
  stopAll(): void {
    for (const key of [...this.#clocks.keys()]) this.stop(key);
  }

  #run(key: string, clock: Clock): void {
    clearTimeout(clock.timer);
    clock.startedAt = performance.now();
    clock.timer = setTimeout(() => {
      this.#clocks.delete(key);
      clock.expire();
    }, Math.min(clock.remainingMs, LONGEST_TIMER_MS));
  }
}
