// Cases that mostly wait, run some at a time although a runner takes its tests one by one.

/** Runs each case once: in their order, beside the one that is asked for. */
export class Ahead<T> {
  readonly #cases: readonly T[];
  readonly #run: (one: T) => Promise<void>;
  readonly #width: number;
  readonly #started = new Map<number, Promise<void>>();
  #running = 0;
  #asked = 0;
  #next = 0;

  /** @param width how many run at a time */
  constructor(
    cases: readonly T[],
    run: (one: T) => Promise<void>,
    width: number,
  ) {
    this.#cases = cases;
    this.#run = run;
    this.#width = width;
  }

  /** Resolves when case `index` has held, rejects with why it has not. */
  async outcome(index: number): Promise<void> {
    this.#asked++;
    this.#start(index);
    this.#fill();
    try {
      await this.#started.get(index);
    } finally {
      this.#asked--;
    }
  }

  /** Resolves when all that was started is over. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#started.values());
  }

  /** Nothing is started that nobody waits for: a runner may have been told to leave tests out. */
  #fill(): void {
    while (
      this.#asked > 0 && this.#running < this.#width &&
      this.#next < this.#cases.length
    ) {
      this.#start(this.#next++);
    }
  }

  #start(index: number): void {
    if (this.#started.has(index)) return;
    this.#running++;
    const outcome = this.#run(this.#cases[index] as T).finally(() => {
      this.#running--;
      this.#fill();
    });
    outcome.catch(() => {
      // Told to whoever asks for it.
    });
    this.#started.set(index, outcome);
  }
}
