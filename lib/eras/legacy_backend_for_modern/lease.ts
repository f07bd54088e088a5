// The use of a session by one request, from its beginning until it has its answer.

import type { LegacySession } from "./legacy_session.ts";

/**
 * How a request uses a session: `shared` with any others, or `alone` in that no other request of its
 * kind is under way with the same server, so that what the server asks can only be for it.
 */
export type LeaseKind = "shared" | "alone";

/** What a request needs. */
export interface Need {
  readonly kind: LeaseKind;
  /** The name of the server that it is for, where there are several behind a session; absent: it is not known, or there is one. */
  readonly addressee?: string;
}

/** How a call that waits for its client can be ended. */
export interface ParkedUse {
  /** As `performance.now()` has it. */
  readonly since: number;
  end(why: string): void;
}

/** One use; whoever has it gives it back. */
export class Lease {
  readonly session: LegacySession;
  readonly need: Need;
  /** Set while the request waits for its client. */
  parked?: ParkedUse;
  readonly #onRelease: (lease: Lease) => void;
  #isOver = false;

  constructor(
    session: LegacySession,
    need: Need,
    onRelease: (lease: Lease) => void,
  ) {
    this.session = session;
    this.need = need;
    this.#onRelease = onRelease;
  }

  /** Gives it back; may be called twice. */
  release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onRelease(this);
  }
}

/** Whether what a server asks could be for either. */
export function collide(a: Need, b: Need): boolean {
  if (a.kind === "shared" || b.kind === "shared") return false;
  return a.addressee === undefined || b.addressee === undefined ||
    a.addressee === b.addressee;
}
