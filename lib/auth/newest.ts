// What was used lately, and no more than so much of it.

/** Values by key, of which the one used the longest ago goes first. */
export class Newest<V> {
  readonly #most: number;
  readonly #values = new Map<string, V>();

  /** @param most how many are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many there are. */
  get size(): number {
    return this.#values.size;
  }

  /** The value, which counts as used by that. */
  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.#move(key, value);
    return value;
  }

  /** Keeps a value in place of the one before. */
  set(key: string, value: V): void {
    this.#move(key, value);
    if (this.#values.size <= this.#most) return;
    const [oldest = ""] = this.#values.keys();
    this.#values.delete(oldest);
  }

  /** Keeps it no more. Whether it was there. */
  delete(key: string): boolean {
    return this.#values.delete(key);
  }

  #move(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
  }
}
