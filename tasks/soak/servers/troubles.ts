// When which shared server was in trouble: what its users may be told meanwhile, and shortly after.

/** How long after a trouble its consequences may still be felt: after several deaths in a row the gateway waits up to 30 s before it starts a server again. */
export const AFTERMATH_MS = 35_000;

/** The troubles of the processes that serve over HTTP, and of what clients of one token share. */
export class Troubles {
  readonly #down = new Set<string>();
  readonly #last = new Map<string, number>();

  /** It does not listen. */
  down(name: string): void {
    this.#down.add(name);
  }

  /** It listens. */
  up(name: string): void {
    this.#down.delete(name);
    this.#last.set(name, performance.now());
  }

  /** Somebody makes it fail. */
  strike(name: string): void {
    this.#last.set(name, performance.now());
  }

  /** For how long it has been listening, in milliseconds. */
  upForMs(name: string): number {
    if (this.#down.has(name)) return 0;
    return performance.now() - (this.#last.get(name) ?? -Infinity);
  }

  /** Whether what goes wrong with it now may come from a trouble. */
  excuse(name: string): boolean {
    return this.upForMs(name) < AFTERMATH_MS;
  }
}
