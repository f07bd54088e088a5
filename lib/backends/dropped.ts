// What the log says of a message that was not passed on.

import type { Envelope } from "../channel/envelope.ts";
import type { LogFields } from "../telemetry/log.ts";

/** The fields of such a line; `reason` as a clause. */
export function dropped(
  from: "client" | "backend",
  { head: { kind, method } }: Envelope,
  reason: string,
): LogFields {
  return { from, kind, method, reason };
}
