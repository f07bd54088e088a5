// What the endpoints ask of a client's channel besides carrying messages.

import type { Channel } from "../../channel/channel.ts";

/** A conversation with a client that speaks to us over HTTP. */
export interface ClientChannel extends Channel {
  /** The negotiated revision, once the backend has answered `initialize`. */
  readonly revision: string | undefined;
  /** Whether a stream is open or a call under way: the session is not idle. */
  readonly busy: boolean;
  /** How many requests of the client wait for their answer. */
  readonly openCalls: number;
  /** Hears nothing more, as if the client had left: its open calls can still be answered before `close()`. */
  hangUp(reason?: Error): void;
}
