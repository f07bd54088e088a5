// What the exchanges with one legacy server have in common.

import type { SessionPool } from "./session_pool.ts";
import type { Tickets } from "./tickets.ts";

/** One per server. */
export interface Bridge {
  /** The name in `mcpServers`; `*` for all of them as one. */
  readonly name: string;
  readonly pool: SessionPool;
  readonly tickets: Tickets;
  /** How long a question of the server waits for others to be told with it, in milliseconds. */
  readonly gatherMs: number;
  /** How long a client that does not read holds up its session, in milliseconds. */
  readonly readerPatienceMs: number;
}
