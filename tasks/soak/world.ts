// What all parts of a soak share.

import type { Address } from "./wire/exchange.ts";
import type { Findings } from "./findings.ts";
import type { Pacer } from "./gateway/pacer.ts";
import type { Secrets } from "./secrets.ts";
import type { SoakServer, SoakToken } from "./servers/servers.ts";
import type { Strangers } from "./client/strangers.ts";
import type { Troubles } from "./servers/troubles.ts";

/** One run, as its clients see it. */
export interface World {
  readonly address: Address;
  readonly servers: readonly SoakServer[];
  readonly tokens: readonly SoakToken[];
  readonly findings: Findings;
  readonly pacer: Pacer;
  readonly secrets: Secrets;
  readonly strangers: Strangers;
  readonly troubles: Troubles;
  /** The folder where servers note which calls they broke off. */
  readonly ran: string;
  /** Fires when the clients are to stop. */
  readonly signal: AbortSignal;
}
