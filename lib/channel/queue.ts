// A bounded hand-over between one side that produces and one that consumes.

interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: Error): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A first-in first-out queue with a bound on its weight, for one consumer. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #weigh: (item: T) => number;
  #items: T[] = [];
  #next = 0;
  #weight = 0;
  #ended = false;
  #reason?: Error;
  #waiting?: Waiting<T>;

  /** @param limit the weight at which the queue is full: one item more is taken below it, none above */
  constructor(limit: number, weigh: (item: T) => number = () => 1) {
    this.#limit = limit;
    this.#weigh = weigh;
  }

  /** The weight of what waits, in the unit of the bound. */
  get weight(): number {
    return this.#weight;
  }

  /** Whether nothing more is taken. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes an item; `false` when the queue is full or has ended, and then the item is not in it. */
  push(item: T): boolean {
    if (this.#ended || this.#weight >= this.#limit) return false;
    if (this.#waiting) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting.resolve({ done: false, value: item });
      return true;
    }
    this.#items.push(item);
    this.#weight += this.#weigh(item);
    return true;
  }

  /** Takes nothing more. What waits is still handed out; then the consumer sees the end, or `reason` thrown. */
  end(reason?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    if (!this.#waiting) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (reason) waiting.reject(reason);
    else waiting.resolve(DONE);
  }

  /** Ends at once: what waits is thrown away and returned. */
  drop(): T[] {
    const dropped = this.#items.slice(this.#next);
    this.#clear();
    this.#reason = undefined;
    this.end();
    return dropped;
  }

  /** The next item, when there is one. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#next < this.#items.length) {
      return Promise.resolve({ done: false, value: this.#shift() });
    }
    if (this.#ended) {
      return this.#reason
        ? Promise.reject(this.#reason)
        : Promise.resolve(DONE);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.next() };
  }

  #shift(): T {
    const item = this.#items[this.#next++];
    this.#weight -= this.#weigh(item);
    if (this.#next === this.#items.length) this.#clear();
    return item;
  }

  #clear(): void {
    this.#items = [];
    this.#next = 0;
    this.#weight = 0;
  }
}
