// Answers `ping` on the spot, on either side, so that liveness never waits for the other side.

import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import { Envelope } from "./envelope.ts";

/** The answer to a message that is a ping (2025-11-25 `basic/utilities/ping`); nothing where it is none. */
export function pong({ head }: Envelope): Envelope | undefined {
  if (head.method !== METHODS.ping || head.kind !== "request") return undefined;
  return Envelope.result(head.id as RequestId, {});
}
