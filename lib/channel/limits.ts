// How long one side of a conversation is waited for by the other, and how far ahead of it.

/**
 * What may wait between two stages of the gateway, in bytes, and one message more. Short messages
 * that come together are handed on together; without it each of them would have to be waited for.
 */
export const LOOKAHEAD_BYTES = 16 * 1024;

/** How long a sender waits for room on a route to a backend before that counts as stalled, in milliseconds. */
export const ROUTE_PATIENCE_MS = 10_000;
