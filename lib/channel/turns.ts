// Sees to it that one talkative peer does not keep the event loop from everyone else.

/** How much one source may hand over before others have a turn, in bytes: about a millisecond's work. */
const SLICE_BYTES = 128 * 1024;

/** What a message costs besides its bytes. */
const MESSAGE_COST_BYTES = 2 * 1024;

/** Counts the turns of the event loop in which something is handed over, and lets one source go on in each. */
class Turns {
  #number = 0;
  #isCounting = false;
  #waiting: (() => void)[] = [];

  /** The turn under way. */
  get number(): number {
    this.#count();
    return this.#number;
  }

  /** Resolves in a later turn, when those that came before have had theirs. */
  wait(): Promise<void> {
    this.#count();
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isCounting = false;
    this.#number++;
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#count();
  }
}

const turns = new Turns();

/** The share of one source in each turn. */
export class Slice {
  #turn = -1;
  #left = 0;

  /** Counts a message of `bytes`; a promise when the source has to let others go first. */
  pass(bytes: number): Promise<void> | undefined {
    const { number } = turns;
    if (this.#turn !== number) {
      this.#turn = number;
      this.#left = SLICE_BYTES;
    }
    this.#left -= bytes + MESSAGE_COST_BYTES;
    return this.#left > 0 ? undefined : turns.wait();
  }
}
