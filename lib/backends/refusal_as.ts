// The answer to a request that is not handed on.

import { Envelope } from "../channel/envelope.ts";
import type { GatewayError } from "../errors.ts";
import type { RequestId } from "../protocol/messages.ts";

/**
 * It tells no failure of the backend, as which the session would log it; but what clients have to be asked for with a
 * status and a header of its own is told with its fault.
 */
export function refusalAs(id: RequestId, refusal: GatewayError): Envelope {
  const answer = Envelope.failure(id, refusal);
  const isChallenge = refusal.fault === "insufficient_scope";
  return isChallenge ? answer : Envelope.read(answer.bytes);
}
