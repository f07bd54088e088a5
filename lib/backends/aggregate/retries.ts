// When a server that could not be started is tried again without anyone asking for it.

/** How long to wait at first; each further time twice as long. */
export const FIRST_RETRY_MS = 2_000;

/** The longest that is waited: each try may cost a process. */
export const LONGEST_RETRY_MS = 5 * 60_000;

/** The tries of one server in one session. Whoever makes them stops them. */
export class Retries {
  readonly #start: () => void;
  #waitMs = FIRST_RETRY_MS;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(start: () => void) {
    this.#start = start;
  }

  /** It has failed: tries again in a while, if that is not so already. */
  later(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, this.#waitMs);
    this.#waitMs = Math.min(LONGEST_RETRY_MS, 2 * this.#waitMs);
  }

  /** It works. */
  done(): void {
    this.stop();
    this.#waitMs = FIRST_RETRY_MS;
  }

  /** Tries no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
