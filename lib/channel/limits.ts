// The bounds of every conversation, whatever its transport.

const MIB = 1024 * 1024;

/** The largest message taken from either side, in bytes. */
export const MAX_MESSAGE_BYTES = 32 * MIB;

/** What may wait on one route for a peer that reads slowly, in bytes; one more message is taken below it. */
export const MAX_ROUTE_BYTES = 16 * MIB;

/** What one peer may have said that the other side has not taken yet, in bytes. */
export const MAX_INBOUND_BYTES = 16 * MIB;

/** How long a sender waits for room on a route before its reader counts as stalled, in milliseconds. */
export const ROUTE_PATIENCE_MS = 3_000;

/** How many requests may be open on one channel at once, in either direction. */
export const MAX_OPEN_REQUESTS = 1_000;
