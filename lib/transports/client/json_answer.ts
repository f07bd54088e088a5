// An answer as one JSON object or array.

import { MEDIA } from "../../protocol/headers.ts";
import type { Backlog } from "./backlog.ts";
import { OutgoingBody } from "./outgoing_body.ts";

/** Up to this size a body is left to the system's own buffers. */
const SMALL_BYTES = 64 * 1024;

/** The HTTP answer to a POST; a large body waits in the backlog until it is read. */
export function jsonAnswer(body: Uint8Array, backlog: Backlog): Response {
  const headers = { "content-type": MEDIA.json };
  if (body.length <= SMALL_BYTES) {
    return new Response(body as BodyInit, { headers });
  }
  const outgoing = new OutgoingBody("POST", backlog);
  outgoing.write([body]);
  outgoing.end();
  return new Response(outgoing.stream, { headers });
}
