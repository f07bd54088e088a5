// When a backend that has died may be started again: at once, and ever later while it keeps dying.

/** A backend that has worked this long may die again without counting as one that keeps dying. */
export const GOOD_LIFE_MS = 60_000;

/** How long to wait when the first restart came to nothing; each further one waits twice as long. */
export const FIRST_WAIT_MS = 1_000;

/** The longest that is waited between two starts. */
export const LONGEST_WAIT_MS = 30_000;

/** The deaths of one backend in one session, and the wait that follows from them. */
export class BackOff {
  readonly #now: () => number;
  #deaths = 0;
  #readyAt?: number;
  #notBefore = 0;

  /** @param now milliseconds on a clock that never goes back */
  constructor(now: () => number = performanceNow) {
    this.#now = now;
  }

  /** How often it has died in a row: the number of the restart that follows. */
  get deaths(): number {
    return this.#deaths;
  }

  /** How long it may not be started yet, in milliseconds. */
  get waitMs(): number {
    return Math.max(0, this.#notBefore - this.#now());
  }

  /** It works: its life is measured from the first of these calls on. */
  ready(): void {
    this.#readyAt ??= this.#now();
  }

  /** It has died, or could not be started. */
  died(): void {
    const now = this.#now();
    const lifeMs = this.#readyAt === undefined ? 0 : now - this.#readyAt;
    if (lifeMs >= GOOD_LIFE_MS) this.#deaths = 0;
    const waitMs = this.#deaths === 0
      ? 0
      : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#deaths - 1));
    this.#notBefore = now + waitMs;
    this.#deaths++;
    this.#readyAt = undefined;
  }
}

function performanceNow(): number {
  return performance.now();
}
