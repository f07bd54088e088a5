// The answer to a request too many.

import { MAX_OPEN_REQUESTS } from "../../channel/limits.ts";
import { GatewayError } from "../../errors.ts";

/** `overloaded`: the session has as many requests open at server `name` as it may. */
export function overloaded(name: string): GatewayError {
  return new GatewayError(
    "overloaded",
    `${MAX_OPEN_REQUESTS} requests of this session are open at server "${name}" already`,
    { hint: "Wait for answers before sending more" },
  );
}
