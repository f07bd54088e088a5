// Slows down a server that speaks to nobody: what reaches no client takes its session's time, not everyone's.

/** What may be said to nobody at once, in bytes. */
export const BURST_BYTES = 16 * 1024 * 1024;

/** How long it takes until as much may be said again, in milliseconds. */
const RECOVERY_MS = 10_000;

/** What a message costs besides its bytes. */
const MESSAGE_COST_BYTES = 4 * 1024;

const BYTES_PER_MS = BURST_BYTES / RECOVERY_MS;

/** The allowance of one session. */
export class Throttle {
  #left = BURST_BYTES;
  #countedAt = performance.now();
  #stopped = false;
  #pause?: PromiseWithResolvers<void>;

  /** Counts a message that reached nobody; resolves at once while the allowance lasts. */
  async pay(bytes: number): Promise<void> {
    const now = performance.now();
    const earned = (now - this.#countedAt) * BYTES_PER_MS;
    this.#countedAt = now;
    this.#left = Math.min(this.#left + earned, BURST_BYTES);
    this.#left -= bytes + MESSAGE_COST_BYTES;
    if (this.#left >= 0 || this.#stopped) return;
    await this.#wait(-this.#left / BYTES_PER_MS);
  }

  /** Ends a wait: somebody may listen now. */
  wake(): void {
    this.#pause?.resolve();
  }

  /** Nobody waits any more. */
  stop(): void {
    this.#stopped = true;
    this.wake();
  }

  async #wait(ms: number): Promise<void> {
    const pause = this.#pause = Promise.withResolvers<void>();
    const timer = setTimeout(pause.resolve, ms);
    await pause.promise;
    clearTimeout(timer);
  }
}
