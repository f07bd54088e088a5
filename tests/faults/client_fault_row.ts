// One row of the table of faults of clients.

import type { FaultBackend, FaultPhase } from "../support/fault_backend.ts";
import type { FaultClient } from "../support/fault_client.ts";
import type { ClientKind } from "./fault_pairs.ts";

/** What a client does wrong; rejects when it is told something else about it than it should. */
export type Deed = (
  client: FaultClient,
  phase: FaultPhase,
  backend: FaultBackend,
) => Promise<void>;

/**
 * What becomes of its session, and of its calls that are under way:
 * - `goes on`: as if nothing had been;
 * - `goes on without its calls`: they are cancelled, and nothing else is;
 * - `is there to come back to`: the client has lost its calls, but they go on, and so does the session;
 * - `runs out`: they go on until their limits end them, first the calls, then the session;
 * - `can be ended`: nothing more is asked of it;
 * - `is over`: both end at once, and the client can begin another session.
 */
export type Outcome =
  | "goes on"
  | "goes on without its calls"
  | "is there to come back to"
  | "runs out"
  | "can be ended"
  | "is over";

/** A line of the gateway's log, or some fields of it. */
export interface Logged {
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One fault. */
export interface ClientFaultRow {
  /** What happens, as part of a test's name. */
  readonly what: string;
  readonly clients: readonly ClientKind[];
  readonly phases: readonly FaultPhase[];
  readonly deed: Deed;
  /** What the gateway says about it. */
  readonly logs?: Logged;
  /** `proxy.limits`. */
  readonly limits?: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
}
