// How long one side of a conversation is waited for by the other.

/** How long a sender waits for room on a route to a backend before that counts as stalled, in milliseconds. */
export const ROUTE_PATIENCE_MS = 10_000;
