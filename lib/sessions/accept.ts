// Which media types a client takes, from its `Accept` header (RFC 9110 § 12.5.1).

import { GatewayError } from "../errors.ts";
import { MEDIA } from "../protocol/headers.ts";
import type { Accepts } from "../transports/client/call_route.ts";

/** What SDK clients send. */
const USUAL = `${MEDIA.json}, ${MEDIA.events}`;

/** What the client takes; a missing header means everything. */
export function acceptsOf(headers: Headers): Accepts {
  const header = headers.get("accept") ?? "*/*";
  if (header === USUAL) return { json: true, events: true };
  const ranges = header.toLowerCase().split(",")
    .map((range) => range.trim())
    .filter((range) => !/;\s*q=0(\.0*)?\s*$/.test(range))
    .map((range) => range.split(";", 1)[0]?.trim());
  const takes = (type: string, group: string) =>
    ranges.some((range) =>
      range === type || range === group || range === "*/*"
    );
  return {
    json: takes(MEDIA.json, "application/*"),
    events: takes(MEDIA.events, "text/*"),
  };
}

/** Throws `not_acceptable` unless the client takes an event stream. */
export function requireEvents(headers: Headers): void {
  if (acceptsOf(headers).events) return;
  throw new GatewayError(
    "not_acceptable",
    "This is answered with an event stream",
    { hint: "Send the header Accept: text/event-stream" },
  );
}
