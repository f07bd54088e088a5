// The answer to a request too many.

import { GatewayError } from "../../errors.ts";

/** `overloaded`: the session has as many requests open at server `name` as it may. */
export function overloaded(name: string, limit: number): GatewayError {
  return new GatewayError(
    "overloaded",
    `${limit} requests of this session are open at server "${name}" already`,
    {
      hint: "Wait for answers before sending more",
      fields: { limit: "requestsPerSession" },
    },
  );
}
