// A set that takes up next to nothing while it is empty; see `SlimMap`.

/** The set itself is made for the first item, and forgotten with the last. */
export class SlimSet<T> {
  #set?: Set<T>;

  /** How many items there are. */
  get size(): number {
    return this.#set?.size ?? 0;
  }

  /** Whether an item is in it. */
  has(item: T): boolean {
    return this.#set?.has(item) ?? false;
  }

  /** Puts an item in. */
  add(item: T): void {
    this.#set ??= new Set();
    this.#set.add(item);
  }

  /** Takes an item out; `false` where it is not in it. */
  delete(item: T): boolean {
    const wasThere = this.#set?.delete(item) ?? false;
    if (this.#set?.size === 0) this.#set = undefined;
    return wasThere;
  }

  /** Takes out all. */
  clear(): void {
    this.#set = undefined;
  }

  /** The items, in the order they were put in. */
  [Symbol.iterator](): Iterator<T> {
    return (this.#set ?? [])[Symbol.iterator]();
  }
}
