// By which rules a call was let through: it is not gone on with by others, which might not allow it.

import type { Principal } from "../../principal.ts";

/** The rules for the principal of a call at the server that it is for. */
export class Standing {
  readonly #owner: Principal;
  readonly #backend: string;
  #server?: string;
  #rules?: string;

  /** @param backend the name of the server, or of all as one */
  constructor(owner: Principal, backend: string) {
    this.#owner = owner;
    this.#backend = backend;
  }

  /** Notes the rules as they are, unless that is done; of several servers, `addressee` is that of the call, once it is known. */
  note(addressee?: string): void {
    const server = addressee ?? this.#backend;
    if (server === this.#server) return;
    this.#server = server;
    this.#rules = this.#rulesAt(server);
  }

  /** Whether they still are what they were. */
  get holds(): boolean {
    const server = this.#server;
    return server === undefined || this.#rulesAt(server) === this.#rules;
  }

  #rulesAt(server: string): string {
    return JSON.stringify(this.#owner.rules(server));
  }
}
