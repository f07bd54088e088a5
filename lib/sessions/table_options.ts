// What the tables of sessions and of exchanges are made of.

import type { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Principal } from "../principal.ts";
import type { Log } from "../telemetry/log.ts";
import type { SessionPlaces } from "./session_places.ts";

/** Why a principal may not use a server, `*` for all of them; nothing where it may. */
export type Judge = (
  server: string,
  owner: Principal,
) => GatewayError | undefined;

/** The same for both tables of a gateway. */
export interface TableOptions {
  readonly limits: Limits;
  readonly places: SessionPlaces;
  readonly log: Log;
  readonly judge: Judge;
}
