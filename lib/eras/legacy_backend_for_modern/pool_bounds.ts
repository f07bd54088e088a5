// How many sessions with one legacy server a modern client may cause.

/** The bounds of a pool. The limits on sessions hold for it, too. */
export interface PoolBounds {
  /** Sets of capabilities of one principal. */
  readonly clientSides: number;
  /** Sessions of one set: as many calls can be asked something at once. */
  readonly sessions: number;
  /** How long a call waits for a session before it takes that of one which waits for its client, in milliseconds. */
  readonly patienceMs: number;
}

/** What holds for every server. */
export const POOL_BOUNDS: PoolBounds = {
  clientSides: 8,
  sessions: 8,
  patienceMs: 5_000,
};
