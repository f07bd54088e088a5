// What a soak has seen: how much of what, and what must not be.

/** What must not happen. */
export type Failing =
  | "wrong answer"
  | "lost answer"
  | "duplicated answer"
  | "late answer"
  | "lost session"
  | "unexpected refusal"
  | "unexplained fault"
  | "ran twice"
  | "leak"
  | "log"
  | "memory"
  | "shutdown"
  | "gateway";

/** Thrown where something failed, to end what was going on; it is in the findings already. */
export class SoakFailure extends Error {
  override readonly name = "SoakFailure";
}

/** How many failures are kept; the first one ends the run, a few more may come until it has ended. */
const MAX_FAILURES = 50;

/** Counters, and failures, the first of which ends the run. */
export class Findings {
  readonly failures: { readonly kind: Failing; readonly text: string }[] = [];
  readonly #counts = new Map<string, number>();
  readonly #longest = new Map<string, number>();
  readonly #failed = new AbortController();

  /** Fires at the first failure. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Notes what must not happen. */
  fail(kind: Failing, text: string): SoakFailure {
    if (this.failures.length < MAX_FAILURES) this.failures.push({ kind, text });
    this.#failed.abort();
    return new SoakFailure(`${kind}: ${text}`);
  }

  /** Counts one more, or `by` more, of something. */
  count(name: string, by = 1): void {
    this.#counts.set(name, this.counted(name) + by);
  }

  /** How many there were. */
  counted(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** What was counted under names that begin so, without the beginning. */
  group(beginning: string): [string, number][] {
    return [...this.#counts].filter(([name]) => name.startsWith(beginning))
      .map(([name, count]): [string, number] => [
        name.slice(beginning.length),
        count,
      ])
      .sort(([, a], [, b]) => b - a);
  }

  /** Notes how long something took; the longest counts. */
  took(name: string, ms: number): void {
    if (ms > this.longest(name)) this.#longest.set(name, ms);
  }

  /** The longest it took, in milliseconds; 0 when it never happened. */
  longest(name: string): number {
    return this.#longest.get(name) ?? 0;
  }

  /** How many failures of these kinds there were. */
  failuresOf(...kinds: readonly Failing[]): number {
    return this.failures.filter(({ kind }) => kinds.includes(kind)).length;
  }
}
