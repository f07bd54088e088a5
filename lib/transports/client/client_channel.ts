// What the endpoints ask of a client's channel besides carrying messages.

import type { Channel } from "../../channel/channel.ts";
import type { Memory } from "../../channel/memory.ts";
import type { Limits } from "../../limits.ts";
import type { Log } from "../../telemetry/log.ts";

/** What a channel needs of its session. */
export interface ClientChannelOptions {
  /** Its lines name the session. */
  readonly log: Log;
  readonly limits: Limits;
  /** The account of what the session holds in its buffers. */
  readonly memory: Memory;
}

/** A conversation with a client that speaks to us over HTTP. */
export interface ClientChannel extends Channel {
  /** The negotiated revision, once the backend has answered `initialize`. */
  readonly revision: string | undefined;
  /** Whether a stream is open or a call under way: the session is not idle. */
  readonly busy: boolean;
  /** How many requests of the client wait for their answer. */
  readonly openCalls: number;
  /** Resolves with the reason of the end when nothing that the client has said is carried on any more. */
  readonly over: Promise<Error | undefined>;
  /** Hears nothing more, as if the client had left: its open calls can still be answered before `close()`. */
  hangUp(reason?: Error): void;
}
