// What a client can be joined to: an MCP server, or anything in the middle that behaves like one.

import type { Channel } from "./channel/channel.ts";
import type { Envelope } from "./channel/envelope.ts";
import type { Memory } from "./channel/memory.ts";
import type { GatewayError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Principal } from "./principal.ts";

/** On whose behalf a channel is opened, and until when opening is worth while, and how much it may take up. */
export interface OpenContext {
  readonly principal: Principal;
  /** The short, non-secret label of the session, for the log. */
  readonly session: string;
  /** Fires when the session ends: an opening still under way is given up. */
  readonly signal: AbortSignal;
  readonly limits: Limits;
  /** The account of what the session holds in its buffers. */
  readonly memory: Memory;
  /** The `Mcp-Param-*` fields of an exchange, by names in lower case; absent for a session (2026-07-28 `basic/transports/streamable-http` § Custom Headers). */
  readonly parameters?: ReadonlyMap<string, string>;
}

/** A conversation with a backend. */
export interface BackendChannel extends Channel {
  /** The name in `mcpServers` of whom a message is for, `*` for all; absent where there is only one. Cheap. */
  addressee?(envelope: Envelope): string;
}

/** An MCP server behind the gateway, or anything that behaves like one. */
export interface Backend {
  /** The name in `mcpServers`; `*` for all of them as one. */
  readonly name: string;
  /** Throws when there is no room for a conversation: asked before anything is begun. */
  admit?(principal: Principal): void;
  /** Opens a conversation. Throws a `GatewayError` (`backend_…`) that says what failed. */
  open(context: OpenContext): Promise<BackendChannel>;
  /** Ends what is kept beyond the channels that were opened, such as a child that several share. */
  close?(reason: GatewayError): Promise<void>;
  /** Whether nobody uses what is kept; absent where nothing is. */
  isIdle?(): boolean;
}

/**
 * A server as clients of each era see it. Channels of `legacy` are sessions that begin with
 * `initialize`. Those of `modern` carry requests that describe themselves: a client has one for
 * each of its exchanges (one request, what belongs to it, and its answer); closing it cancels.
 */
export interface BothEras {
  /** The name in `mcpServers`; `*` for all of them as one. */
  readonly name: string;
  readonly legacy: Backend;
  readonly modern: Backend;
}
