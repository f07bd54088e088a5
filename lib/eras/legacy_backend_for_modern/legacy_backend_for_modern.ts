// The modern face of a server that knows sessions only: exchanges run in sessions that the gateway keeps.

import type { Backend } from "../../backend.ts";
import { ROUTE_PATIENCE_MS } from "../../channel/limits.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Bridge } from "./bridge.ts";
import { ExchangeChannel } from "./exchange_channel.ts";
import type { ParkingLot } from "./parking_lot.ts";
import { POOL_BOUNDS } from "./pool_bounds.ts";
import { SessionPool } from "./session_pool.ts";
import type { PoolBounds } from "./pool_bounds.ts";
import { Tickets } from "./tickets.ts";
import type { Resumable } from "./tickets.ts";

/** How long a question of a server waits for others, so that the client is asked once. */
export const GATHER_MS = 50;

/** What is needed beside the server. */
export interface LegacyBridging {
  readonly log: Log;
  /** Where the calls of all servers wait for their clients. */
  readonly lot: ParkingLot<Resumable>;
  /** Default: `POOL_BOUNDS`. */
  readonly bounds?: PoolBounds;
  /** Default: `GATHER_MS`. */
  readonly gatherMs?: number;
  /** How long a client that does not read holds up its session, in milliseconds. Default: `ROUTE_PATIENCE_MS`. */
  readonly readerPatienceMs?: number;
}

/**
 * Wraps the legacy face of a server. Each channel is one exchange: it takes one request, and closing it
 * before the answer cancels that. What a server asks in the middle of a call ends the exchange
 * with `input_required`; the retry goes on with the same call. `close()` ends the sessions.
 */
export function legacyBackendForModern(
  legacy: Backend,
  bridging: LegacyBridging,
): Backend {
  const { name } = legacy;
  const { log, lot, bounds = POOL_BOUNDS } = bridging;
  const pool = new SessionPool(legacy, bounds, log);
  const bridge: Bridge = {
    name,
    pool,
    tickets: new Tickets(name, lot),
    gatherMs: bridging.gatherMs ?? GATHER_MS,
    readerPatienceMs: bridging.readerPatienceMs ?? ROUTE_PATIENCE_MS,
  };
  return {
    name,
    open: (context) => Promise.resolve(new ExchangeChannel(bridge, context)),
    close: (reason) => pool.close(reason),
    isIdle: () => pool.idle,
  };
}
