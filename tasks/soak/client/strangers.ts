// The sessions that are open somewhere, for clients who try to get into one that is not theirs.

import type { ClientKind } from "./client_kind.ts";

/** How to reach a session of a client. */
export interface Reachable {
  readonly id: string;
  readonly server: string;
  readonly transport: ClientKind;
  readonly token: string;
}

/** The open sessions. */
export class Strangers {
  readonly #open = new Map<string, Reachable>();

  /** Makes a session known. */
  add(session: Reachable): void {
    this.#open.set(session.id, session);
  }

  /** It is over. */
  remove(id: string): void {
    this.#open.delete(id);
  }

  /** A session of another token. */
  notOf(token: string): Reachable | undefined {
    for (const session of this.#open.values()) {
      if (session.token !== token) return session;
    }
  }
}
