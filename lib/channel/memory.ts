// What one session holds for peers that have not read it yet, counted in one place.

/** An account of bytes with a bound. Queues take from it; where it is full, each still takes one message, so that none waits for another. */
export class Memory {
  readonly #limit: number;
  #used = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is held, in bytes. */
  get used(): number {
    return this.#used;
  }

  /** Whether nothing more should be held. */
  get full(): boolean {
    return this.#used >= this.#limit;
  }

  /** Notes that `bytes` more are held; below 0, that they are held no more. */
  add(bytes: number): void {
    this.#used += bytes;
  }
}
