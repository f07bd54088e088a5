// A backend of which a session sees and uses only what its principal may.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import type { Log } from "../telemetry/log.ts";
import { FilterableChannel } from "./filterable_channel.ts";
import { inherited } from "./inherited.ts";
import { LISTING_BOUNDS } from "./own_listing.ts";
import type { ListingBounds } from "./own_listing.ts";

/**
 * Wraps the backend of one server. For a principal to whom some of its tools, prompts or
 * resources are not open, lists come without those, and messages that use one are answered
 * with `not_permitted`; what cannot be decided is refused. When the rules become others, they
 * hold from the next message on, and the client is told which lists have changed.
 */
export function filtered(
  inner: Backend,
  log: Log,
  bounds: ListingBounds = LISTING_BOUNDS,
): Backend {
  const { name } = inner;
  return {
    name,
    ...inherited(inner),
    open: (context) => openFiltered(inner, context, log, bounds),
  };
}

async function openFiltered(
  inner: Backend,
  context: OpenContext,
  log: Log,
  bounds: ListingBounds,
): Promise<Channel> {
  const channel = await inner.open(context);
  const { principal, session } = context;
  const server = inner.name;
  const own = log.with({ token_name: principal.id, server, session });
  return new FilterableChannel(channel, {
    server,
    context,
    log: own,
    bounds,
  });
}
