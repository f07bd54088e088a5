// A bounded hand-over whose producers wait for room instead of losing what they bring.

import type { Memory } from "./memory.ts";
import { Queue } from "./queue.ts";

/** What became of an item: in the queue, no room in time, or nothing is taken any more. */
export type PutResult = "taken" | "full" | "ended";

interface Producer<T> {
  readonly item: T;
  readonly settle: (result: PutResult) => void;
}

/** A first-in first-out queue with a bound on its weight, for many producers and one consumer. */
export class Pipe<T> implements AsyncIterableIterator<T, undefined> {
  readonly #queue: Queue<T>;
  #producers: Producer<T>[] = [];

  /**
   * @param limit the weight at which producers have to wait
   * @param memory see `Queue`
   */
  constructor(limit: number, weigh: (item: T) => number, memory?: Memory) {
    this.#queue = new Queue(limit, weigh, memory);
  }

  /** See `Queue`. */
  get fullBy(): Queue<T>["fullBy"] {
    return this.#queue.fullBy;
  }

  /** Hands an item over if that is possible at once. */
  offer(item: T): boolean {
    return this.#producers.length === 0 && this.#queue.push(item);
  }

  /** Hands an item over once there is room, in the order of the calls; gives up after `patienceMs`, if given. */
  put(item: T, patienceMs?: number): Promise<PutResult> {
    if (this.#queue.ended) return Promise.resolve("ended");
    if (this.offer(item)) return Promise.resolve("taken");
    return new Promise((resolve) => this.#wait(item, patienceMs, resolve));
  }

  /** Takes nothing more. What waits in the queue is still handed out; then the consumer sees the end, or `reason` thrown. */
  end(reason?: Error): void {
    this.#queue.end(reason);
    this.#refuseProducers();
  }

  /** Ends at once; what waits is forgotten. */
  drop(): void {
    this.#queue.drop();
    this.#refuseProducers();
  }

  /** The next item, when there is one. */
  next(): Promise<IteratorResult<T, undefined>> {
    const result = this.#queue.next();
    // What is handed out has left the queue already.
    this.#admit();
    return result;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #wait(
    item: T,
    patienceMs: number | undefined,
    resolve: (result: PutResult) => void,
  ): void {
    const producer: Producer<T> = {
      item,
      settle: (result) => {
        clearTimeout(timer);
        resolve(result);
      },
    };
    this.#producers.push(producer);
    const giveUp = () => {
      this.#producers = this.#producers.filter((other) => other !== producer);
      resolve("full");
    };
    const timer = patienceMs === undefined
      ? undefined
      : setTimeout(giveUp, patienceMs);
  }

  #admit(): void {
    let first = this.#producers[0];
    while (first && this.#queue.push(first.item)) {
      this.#producers.shift();
      first.settle("taken");
      first = this.#producers[0];
    }
  }

  #refuseProducers(): void {
    for (const { settle } of this.#producers.splice(0)) settle("ended");
  }
}
