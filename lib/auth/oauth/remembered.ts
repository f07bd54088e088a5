// Something that was fetched, and is good for a while.

/** How long it is good. */
export interface Lifetimes {
  /** As long it is not fetched again by itself, in milliseconds. */
  readonly freshMs: number;
  /** As long it is used where it cannot be fetched again, in milliseconds. */
  readonly usableMs: number;
  /** From one time that something newer is asked for to the next, in milliseconds; the longest wait where attempts fail. */
  readonly cooldownMs: number;
}

/** The wait after the first attempt that failed, in milliseconds. */
export const FIRST_RETRY_MS = 1_000;

/** Fetches when it has to, one at a time; others wait for the one under way. */
export class Remembered<T> {
  readonly #fetch: () => Promise<T>;
  readonly #lifetimes: Lifetimes;
  readonly #now: () => number;
  #value?: { readonly is: T; readonly at: number };
  #attempt?: Promise<T>;
  #failure?: { readonly error: unknown; readonly times: number };
  /** When the last attempt began, and the last one for something newer. */
  #triedAt = -Infinity;
  #renewedAt = -Infinity;

  /** @param now milliseconds on a clock that never goes back */
  constructor(
    fetch: () => Promise<T>,
    lifetimes: Lifetimes,
    now: () => number = () => performance.now(),
  ) {
    this.#fetch = fetch;
    this.#lifetimes = lifetimes;
    this.#now = now;
  }

  /** What it is. Throws why it is not known. */
  async get(): Promise<T> {
    if (this.#isYounger(this.#lifetimes.freshMs)) return this.#value!.is;
    try {
      return await this.#attempted();
    } catch (error) {
      if (this.#isYounger(this.#lifetimes.usableMs)) return this.#value!.is;
      throw error;
    }
  }

  /** What it is by now, as the one that is known does not serve; the same, where it was asked for too lately. Throws why it is not known. */
  async newer(): Promise<T> {
    const { cooldownMs } = this.#lifetimes;
    const now = this.#now();
    const isTooSoon = now - this.#renewedAt < cooldownMs;
    if (isTooSoon && !this.#attempt && !this.#failure) return await this.get();
    this.#renewedAt = now;
    return await this.#attempted();
  }

  #isYounger(ms: number): boolean {
    return this.#value !== undefined && this.#now() - this.#value.at < ms;
  }

  #attempted(): Promise<T> {
    if (this.#attempt) return this.#attempt;
    if (this.#failure && this.#now() - this.#triedAt < this.#waitMs) {
      return Promise.reject(this.#failure.error);
    }
    this.#triedAt = this.#now();
    return this.#attempt = this.#begin().finally(() => {
      this.#attempt = undefined;
    });
  }

  async #begin(): Promise<T> {
    try {
      const is = await this.#fetch();
      this.#value = { is, at: this.#now() };
      this.#failure = undefined;
      return is;
    } catch (error) {
      this.#failure = { error, times: (this.#failure?.times ?? 0) + 1 };
      throw error;
    }
  }

  get #waitMs(): number {
    const times = this.#failure?.times ?? 1;
    return Math.min(
      this.#lifetimes.cooldownMs,
      FIRST_RETRY_MS * 2 ** (times - 1),
    );
  }
}
