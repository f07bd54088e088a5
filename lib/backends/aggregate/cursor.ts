// The cursors of lists that go over several servers: where a page ended, opaque to clients.

import { Buffer } from "node:buffer";

/** Where the next page begins. */
export interface Place {
  readonly server: string;
  /** The server's own cursor; absent at the beginning of its list. */
  readonly cursor?: string;
}

/** The place as a cursor (2025-11-25 `server/utilities/pagination`). */
export function cursorOf({ server, cursor }: Place): string {
  const parts = cursor === undefined ? [server] : [server, cursor];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** The place that a cursor stands for; nothing where it is none of ours. */
export function placeOf(text: string): Place | undefined {
  try {
    const parts: unknown = JSON.parse(
      Buffer.from(text, "base64url").toString(),
    );
    if (!Array.isArray(parts) || parts.length > 2) return undefined;
    const [server, cursor] = parts as unknown[];
    if (typeof server !== "string") return undefined;
    if (cursor === undefined) return { server };
    return typeof cursor === "string" ? { server, cursor } : undefined;
  } catch {
    return undefined; // Whatever it is, a client made it up.
  }
}
