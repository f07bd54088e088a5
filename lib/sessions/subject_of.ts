// What the messages of a request are about, for the log.

import type { Envelope } from "../channel/envelope.ts";
import type { Subject } from "../endpoint.ts";
import { METHODS } from "../protocol/methods.ts";

/** A longer name is cut in the log. */
const MAX_TOOL_CHARS = 128;

/** What knows whom messages are for. */
export interface Directory {
  /** See `BackendChannel`. */
  addressee(envelope: Envelope): string;
}

/** Whom the messages are for, and the tool where a single one calls it. */
export function subjectOf(
  session: Directory,
  envelopes: readonly Envelope[],
): Subject {
  const [first, ...others] = envelopes;
  if (first === undefined) return {};
  const server = session.addressee(first);
  if (others.length === 0) {
    const tool = toolIn(first);
    return tool === undefined ? { server } : { server, tool };
  }
  const same = others.every((other) => session.addressee(other) === server);
  return { server: same ? server : "*" };
}

function toolIn(envelope: Envelope): string | undefined {
  if (envelope.head.method !== METHODS.callTool) return undefined;
  const name = envelope.message().params?.name;
  return typeof name === "string" ? name.slice(0, MAX_TOOL_CHARS) : undefined;
}
