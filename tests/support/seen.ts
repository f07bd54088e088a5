// Things as they come, and waiting for one of them instead of for time to pass.

/** How long a test waits for something before it counts as not happening. */
const PATIENCE_MS = 45_000;

/** How much of what came is shown when something did not. */
const SHOWN = 20;

interface Waiter<T> {
  readonly wanted: (item: T) => boolean;
  readonly resolve: (item: T) => void;
  readonly reject: (error: Error) => void;
}

/** Everything that came so far, in order. */
export class Seen<T> {
  readonly #items: T[] = [];
  readonly #show: (item: T) => string;
  #waiters: Waiter<T>[] = [];
  #failure?: Error;

  /** @param show how an item looks in the text of a failure */
  constructor(show: (item: T) => string) {
    this.#show = show;
  }

  get all(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#items.push(item);
    for (const waiter of this.#waiters) {
      if (waiter.wanted(item)) waiter.resolve(item);
    }
  }

  /** Nothing more will come: whoever waits is told why. */
  fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiters) reject(error);
  }

  /** The first item that is wanted, whether it came already or is still to come. */
  async until(what: string, wanted: (item: T) => boolean): Promise<T> {
    const found = this.#items.find(wanted);
    if (found !== undefined) return found;
    if (this.#failure) throw this.#failure;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const waiter = { wanted, resolve, reject };
    this.#waiters.push(waiter);
    const timer = setTimeout(() => reject(this.#missing(what)), PATIENCE_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  #missing(what: string): Error {
    const shown = this.#items.slice(-SHOWN).map(this.#show).join("\n");
    return new Error(`Not seen: ${what}. Last seen:\n${shown}`);
  }
}
