// What one life of a server is begun with, and what its death leaves behind.

import type { Backend, OpenContext } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { GatewayError } from "../errors.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Log } from "../telemetry/log.ts";
import type { Agreed, Agreement } from "./agreement.ts";

/** What a death leaves behind. */
export interface Death {
  readonly reason: GatewayError;
  /** The client's requests that will not be answered. */
  readonly unanswered: readonly RequestId[];
  /** One that the backend has provably not run, and that was sent only once. */
  readonly refused?: Envelope;
  /** Takes back what the backend had asked the client. */
  readonly cancellations: readonly Envelope[];
}

/** What a life is begun with. */
export interface IncarnationOptions {
  readonly inner: Backend;
  readonly context: OpenContext;
  readonly agreement: Agreement;
  /** What is to be restored; nothing where the session has not got that far. */
  readonly agreed?: Agreed;
  /** Whether the session has had another before. */
  readonly place: "first" | "later";
  /** Settles when those before it have let go of what they held. */
  readonly turn: Promise<unknown>;
  readonly log: Log;
  /** Takes a message for the client; a promise where there is no room for more before it resolves. */
  tell(envelope: Envelope): Promise<unknown> | undefined;
  /** It is as far as the session is: messages flow. */
  onReady(): void;
  /** Called once, unless it was closed; nothing is told after it. */
  onDeath(death: Death): void;
}
