// What one server of a root session needs of the session.

import type { OpenContext } from "../../backend.ts";
import type { Envelope } from "../../channel/envelope.ts";
import type { Message } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";

/** The session as one of its servers sees it. */
export interface Company {
  readonly context: OpenContext;
  /** Its lines name the session. */
  readonly log: Log;
  /** The client's side of the handshake, as far as it has come. */
  readonly handshake: Handshake;
  /** Takes a message for the client; a promise where there is no room for more before it resolves. */
  tell(envelope: Envelope): Promise<unknown> | undefined;
  /** Whether what the server asks or tells goes no further, since it is dealt with here. */
  takes(envelope: Envelope): boolean;
  /** The server has answered `initialize`, for the first time or in another life than before. */
  onReady(life: "first" | "later"): void;
  /** The server, which did not do what it was asked, answers again. */
  onRevived(): void;
}

/** What the client has said of `initialize`. */
export interface Handshake {
  readonly params: Message["params"];
  /** Whether it has said `notifications/initialized`. */
  readonly initialized: boolean;
}
