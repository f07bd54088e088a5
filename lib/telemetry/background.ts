// Work that nobody awaits: its failure is a log line instead of an unhandled rejection.

import { GatewayError } from "../errors.ts";
import type { Log } from "./log.ts";

/** Lets `work` run on its own. A foreseen failure (`GatewayError`) is a warning, any other one an error. */
export function background(
  log: Log,
  what: string,
  work: Promise<unknown>,
): void {
  work.catch((error: unknown) => {
    const fields = { what, error };
    if (error instanceof GatewayError) log.warn("Failed", fields);
    else log.error("Failed", fields);
  });
}
