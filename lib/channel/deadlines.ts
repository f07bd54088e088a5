// Many waits that hardly ever run out, on one timer: starting and ending one costs next to nothing.

/** Node's timers end at once beyond this many milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One wait; whoever started it ends it. */
export interface Deadline {
  readonly ms: number;
  /** As `performance.now()` has it. */
  readonly at: number;
  readonly expire: () => void;
}

/** Some waits, however many: those of one length end in the order they began, so that only the first of each is looked at. */
export class Deadlines {
  /** By their lengths. */
  readonly #waits = new Map<number, Set<Deadline>>();
  #timer?: ReturnType<typeof setTimeout>;
  #timerAt = Infinity;

  /** Starts a wait; unless it is ended before, `expire` is called once, after `ms`. */
  start(ms: number, expire: () => void): Deadline {
    const wait = { ms, at: performance.now() + ms, expire };
    const alike = this.#waits.get(ms);
    if (alike) alike.add(wait);
    else this.#waits.set(ms, new Set([wait]));
    if (wait.at < this.#timerAt) this.#arm(wait.at);
    return wait;
  }

  /** Ends a wait. The timer stays while there are others: the next one will want it. */
  end(wait: Deadline | undefined): void {
    if (!wait) return;
    this.#remove(wait);
    if (this.#waits.size === 0) this.#disarm();
  }

  /** Ends all. */
  clear(): void {
    this.#waits.clear();
    this.#disarm();
  }

  #remove(wait: Deadline): void {
    const alike = this.#waits.get(wait.ms);
    alike?.delete(wait);
    if (alike?.size === 0) this.#waits.delete(wait.ms);
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
      for (const alike of [...this.#waits.values()]) {
        for (const wait of alike) {
          if (wait.at > now) break;
          this.#remove(wait);
          wait.expire();
        }
      }
    } finally {
      this.#rearm();
    }
  }

  #rearm(): void {
    let next = this.#timerAt;
    for (const [first] of this.#waits.values()) {
      if (first && first.at < next) next = first.at;
    }
    if (next < this.#timerAt) this.#arm(next);
  }
}

/** Those of all sessions, which end their own: a timer for each session would cost more memory than all else of it that is idle. */
export const deadlines: Deadlines = new Deadlines();
