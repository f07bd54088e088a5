// The exchange that waits for what a legacy server does.

import type { Envelope } from "../../channel/envelope.ts";
import type { BridgedRequest } from "./bridged_request.ts";

/** An exchange, as what runs for it sees it. */
export interface Asker {
  readonly request: BridgedRequest;
  /** Takes what belongs to the request; a promise where that has to be waited for. */
  tell(notification: Envelope): Promise<unknown> | undefined;
  /** Takes the answer, which is the last. */
  answer(answer: Envelope): void;
  /** Runs the request as one that is new. */
  run(): void;
}
