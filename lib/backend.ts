// What a client can be joined to: an MCP server, or anything in the middle that behaves like one.

import type { Channel } from "./channel/channel.ts";
import type { Principal } from "./principal.ts";

/** On whose behalf a channel is opened, and until when opening is worth while. */
export interface OpenContext {
  readonly principal: Principal;
  /** The short, non-secret label of the session, for the log. */
  readonly session: string;
  /** Fires when the session ends: an opening still under way is given up. */
  readonly signal: AbortSignal;
}

/** An MCP server behind the gateway, or anything that behaves like one. */
export interface Backend {
  /** The name in `mcpServers`. */
  readonly name: string;
  /** Opens a conversation. Throws a `GatewayError` (`backend_…`) that says what failed. */
  open(context: OpenContext): Promise<Channel>;
}
