// A bounded hand-over between one side that produces and one that consumes.

import type { Memory } from "./memory.ts";

type Result<T> = IteratorResult<T, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A first-in first-out queue with a bound on its weight, for one consumer. */
export class Queue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #limit: number;
  readonly #weigh: (item: T) => number;
  readonly #memory?: Memory;
  /** Those before `#next` were handed out. */
  #items: (T | undefined)[] = [];
  #next = 0;
  #weight = 0;
  #ended = false;
  #reason?: Error;
  /** Settles what `next()` gave to the consumer that waits. */
  #settle?: (result: Result<T> | Promise<never>) => void;

  /**
   * @param limit the weight at which the queue is full: one item more is taken below it, none above
   * @param memory where the weights are noted, as bytes; while it is full, an item is taken only where none waits
   */
  constructor(
    limit: number,
    weigh: (item: T) => number = () => 1,
    memory?: Memory,
  ) {
    this.#limit = limit;
    this.#weigh = weigh;
    this.#memory = memory;
  }

  /** The weight of what waits, in the unit of the bound. */
  get weight(): number {
    return this.#weight;
  }

  /** Whether nothing more is taken. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether an item has to wait for others to be taken. */
  get full(): boolean {
    return this.fullBy !== undefined;
  }

  /** Which bound that is for: its own, or that of the session's memory, as the configuration names them. */
  get fullBy(): "streamBuffer" | "sessionBuffer" | undefined {
    if (this.#weight >= this.#limit) return "streamBuffer";
    if (!this.#memory?.full || this.#next >= this.#items.length) {
      return undefined;
    }
    return "sessionBuffer";
  }

  /** Whether its consumer waits for an item. */
  get awaited(): boolean {
    return this.#settle !== undefined;
  }

  /** Takes an item; `false` when the queue is full or has ended, and then the item is not in it. */
  push(item: T): boolean {
    if (this.#ended || this.full) return false;
    this.#add(item);
    return true;
  }

  /** Takes several items or, like `push()`, none of them. */
  pushAll(items: readonly T[]): boolean {
    if (this.#ended || this.full) return false;
    for (const item of items) this.#add(item);
    return true;
  }

  /** Takes nothing more. What waits is still handed out; then the consumer sees the end, or `reason` thrown. */
  end(reason?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    if (this.#settle) this.#answer(reason ? Promise.reject(reason) : DONE);
  }

  /** Ends at once: what waits is thrown away and returned. */
  drop(): T[] {
    const dropped = this.#items.slice(this.#next) as T[];
    this.#clear();
    this.#reason = undefined;
    this.end();
    return dropped;
  }

  /** The next item, when there is one. */
  next(): Promise<Result<T>> {
    if (this.#next < this.#items.length) {
      return Promise.resolve({ done: false, value: this.#shift() });
    }
    if (this.#ended) {
      return this.#reason
        ? Promise.reject(this.#reason)
        : Promise.resolve(DONE);
    }
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #add(item: T): void {
    if (this.#settle) return this.#answer({ done: false, value: item });
    this.#items.push(item);
    this.#account(this.#weigh(item));
  }

  #answer(result: Result<T> | Promise<never>): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(result);
  }

  #shift(): T {
    const item = this.#items[this.#next] as T;
    // What was handed out is not to be held on to by a queue that is never empty.
    this.#items[this.#next++] = undefined;
    this.#account(-this.#weigh(item));
    if (this.#next * 2 >= this.#items.length) {
      this.#items.splice(0, this.#next);
      this.#next = 0;
    }
    return item;
  }

  #account(weight: number): void {
    this.#weight += weight;
    this.#memory?.add(weight);
  }

  #clear(): void {
    this.#items = [];
    this.#next = 0;
    this.#account(-this.#weight);
  }
}
