// What sessions over exchanges need beside the server.

import type { Timeouts } from "../../backends/timeouts.ts";
import type { Log } from "../../telemetry/log.ts";

/** What is needed beside the server. */
export interface ModernBridging {
  readonly log: Log;
  /** Those of the server. */
  readonly timeouts: Timeouts;
  /** Whether its transport has headers, which repeat arguments of tools. */
  readonly hasHeaders: boolean;
}
