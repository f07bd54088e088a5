// The refusal of JSON-RPC batches, which only one revision has.

import { GatewayError } from "../errors.ts";

/** `invalid_message`: batches exist in 2025-03-26 alone (S0326 `basic` § Batching; removed in 2025-06-18). */
export function noBatches(): GatewayError {
  return new GatewayError(
    "invalid_message",
    "Batches exist in revision 2025-03-26 only",
    { rpcId: null, hint: "Send each message by itself" },
  );
}
