// When which shared server process was in trouble: what its users may be told meanwhile, and shortly after.

import type { RemoteName } from "./servers.ts";

/** How long after a trouble its consequences may still be felt: after several deaths in a row the gateway waits up to 30 s before it starts a server again. */
export const AFTERMATH_MS = 35_000;

/** The troubles of the processes that serve over HTTP. */
export class Troubles {
  readonly #down = new Set<RemoteName>();
  readonly #last = new Map<RemoteName, number>();

  /** It does not listen. */
  down(name: RemoteName): void {
    this.#down.add(name);
  }

  /** It listens. */
  up(name: RemoteName): void {
    this.#down.delete(name);
    this.#last.set(name, performance.now());
  }

  /** For how long it has been listening, in milliseconds. */
  upForMs(name: RemoteName): number {
    if (this.#down.has(name)) return 0;
    return performance.now() - (this.#last.get(name) ?? -Infinity);
  }

  /** Whether what goes wrong with it now may come from a trouble. */
  excuse(name: RemoteName): boolean {
    return this.upForMs(name) < AFTERMATH_MS;
  }
}
