// One row of the table of faults.

import type { Fault } from "../../lib/errors.ts";
import type {
  BackendKind,
  FaultPhase,
  Order,
  Place,
} from "../support/fault_backend.ts";

/** Whose requests are answered with the error: the one it happens to, all that are under way, all but the one, or none. */
export type Hit = "one" | "all" | "others" | "none";

/**
 * What becomes of the session:
 * - `goes on`: as if nothing had been;
 * - `listens anew`: the same, but the client has to be told that it may have missed something;
 * - `begins anew`: the next request starts the server again, and the client is told that its lists may differ;
 * - `waits`: the same, but the server is down: requests fail at once until it is up again;
 * - `stays deaf`: the server lives and hears nothing, so that the next request fails too;
 * - `is over`: nothing helps but another config.
 */
export type After =
  | "goes on"
  | "listens anew"
  | "begins anew"
  | "waits"
  | "stays deaf"
  | "is over";

/** One fault. */
export interface FaultRow {
  /** What happens, as part of a test's name. */
  readonly what: string;
  readonly backends: readonly BackendKind[];
  readonly phases: readonly FaultPhase[];
  /** What the server is told to do in that phase. */
  readonly order?: Order;
  /** Where the config says that the server is; `where it is` when absent. */
  readonly place?: Place;
  /** Whose requests fail when it happens in a call or a stream; before, `initialize` always does. */
  readonly hit: Hit;
  readonly fault: Fault;
  /** The text of the error. */
  readonly text: RegExp;
  readonly after: After;
  /** Said where it is not played on Deno, whose `fetch` sends a POST again by itself when its connection closes (decision 0010). */
  readonly needs?: "a fetch that sends nothing twice";
  /** Said where it is only by waiting that the gateway can find out. */
  readonly noticed?: "by a limit of time";
}

/** The phases in which there is no session yet. */
export const BEFORE_USE = ["connecting", "initialising"] as const;

/** The phases of a session. */
export const IN_USE = ["idle", "calling", "streaming"] as const;

/** All of them. */
export const EVERY_PHASE = [...BEFORE_USE, ...IN_USE] as const;

/** What a broken connection is called: which side of a race the gateway sees first, differs. */
export const BROKEN =
  /^Server "far" (cannot be reached at .*: the connection was (closed|refused)|has closed its stream)|^The connection to server "far" broke/;
