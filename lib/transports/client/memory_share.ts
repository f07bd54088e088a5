// A part of what a session may hold, with a bound of its own.

import { Memory } from "../../channel/memory.ts";

/** An account within another: what is held in it counts in both, and it is full when either is. */
export class MemoryShare extends Memory {
  readonly #whole: Memory;

  /** @param limit in bytes */
  constructor(limit: number, whole: Memory) {
    super(limit);
    this.#whole = whole;
  }

  override get full(): boolean {
    return super.full || this.#whole.full;
  }

  override add(bytes: number): void {
    super.add(bytes);
    this.#whole.add(bytes);
  }
}
