// Cases that mostly wait, run some at a time although a runner takes its tests one by one.

/** Runs each case once: when it is asked for, or when one shortly before it was. */
export class Ahead<T> {
  readonly #cases: readonly T[];
  readonly #run: (one: T) => Promise<void>;
  readonly #width: number;
  readonly #running = new Map<number, Promise<void>>();

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
  outcome(index: number): Promise<void> {
    const end = Math.min(index + this.#width, this.#cases.length);
    for (let next = index; next < end; next++) this.#start(next);
    return this.#running.get(index) as Promise<void>;
  }

  /** Resolves when all that was started is over. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  #start(index: number): void {
    if (this.#running.has(index)) return;
    const outcome = this.#run(this.#cases[index] as T);
    outcome.catch(() => {
      // Told to whoever asks for it.
    });
    this.#running.set(index, outcome);
  }
}
