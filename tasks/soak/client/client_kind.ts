// The kinds of clients: what they speak to the gateway.

/** `exchanges`: requests of the modern era, each for itself. */
export const CLIENT_KINDS = ["sse", "streamable-http", "exchanges"] as const;

/** One of them. */
export type ClientKind = typeof CLIENT_KINDS[number];
