// What an operator can say about the eras of one server.

/**
 * `always`: every client sees the server as one of its own era. `native`: it is seen as what it
 * is. `auto`: like `always`, but a server of the initialize era over stdio is not announced as
 * one of the modern era, so that clients of both eras begin sessions with it.
 */
export type BridgeMode = "auto" | "always" | "native";

/** All there are. */
export const BRIDGE_MODES: readonly BridgeMode[] = ["auto", "always", "native"];

/** What holds where nothing is said. */
export const DEFAULT_BRIDGE_MODE: BridgeMode = "auto";
