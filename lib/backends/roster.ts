// The servers there are, in the order of the file: those of the configuration that holds now.

import type { Backend } from "../backend.ts";
import type { Principal } from "../principal.ts";

/** Outlives the configurations. Who wants to know of changes watches a principal. */
export class Roster {
  #backends: readonly Backend[];

  constructor(backends: readonly Backend[]) {
    this.#backends = backends;
  }

  /** From now on there are these. */
  replace(backends: readonly Backend[]): void {
    this.#backends = backends;
  }

  /** Whether there is a server of this name. */
  has(server: string): boolean {
    return this.#backends.some(({ name }) => name === server);
  }

  /** Of all of them. */
  get names(): readonly string[] {
    return this.#backends.map(({ name }) => name);
  }

  /** Those that a principal may use. */
  usableBy(principal: Principal): readonly Backend[] {
    return this.#backends.filter(({ name: server }) =>
      principal.allows({ kind: "server", server }).allowed
    );
  }
}
