// Who waits for something in a session with a legacy server.

import type { Envelope } from "../../channel/envelope.ts";
import type { BridgedRequest } from "./bridged_request.ts";

/** A request under way. Its owner begins it with `LegacySession.send()`. */
export interface Asked {
  readonly request: BridgedRequest;
  /** Whether it may run twice: what a server that died may have done for it changes nothing. */
  readonly repeatable: boolean;
  /** Whether the server may ask its client something before it answers. */
  readonly mayBeAsked: boolean;
  /** Takes the answer; nothing else is told after it. */
  answered(answer: Envelope): void;
  /** Takes a notification that belongs to it; a promise where that has to be waited for. */
  told(notification: Envelope): Promise<unknown> | undefined;
  /** Takes what the server asks its client. */
  asked(question: Envelope): void;
  /** The server takes back what it has asked. */
  takenBack(question: Envelope): void;
}
