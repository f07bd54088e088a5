// An answer as one JSON object or array.

import { MEDIA } from "../../protocol/headers.ts";
import type { Backlog } from "./backlog.ts";
import { OutgoingBody } from "./outgoing_body.ts";

/** Up to this size a body is left to the system's own buffers. */
const SMALL_BYTES = 64 * 1024;

/** How an answer is told over HTTP. */
export interface Telling {
  readonly status: number;
  /** Beside its media type. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How an answer in a session is told, and most others. */
export const AS_USUAL: Telling = { status: 200, headers: {} };

/** The HTTP answer to a POST; a large body waits in the backlog until it is read. */
export function jsonAnswer(
  body: Uint8Array,
  backlog: () => Backlog,
  { status, headers }: Telling = AS_USUAL,
): Response {
  const init = { status, headers: { "content-type": MEDIA.json, ...headers } };
  if (body.length <= SMALL_BYTES) return new Response(body as BodyInit, init);
  const outgoing = new OutgoingBody("POST", backlog());
  outgoing.write([body]);
  outgoing.end();
  return new Response(outgoing.stream, init);
}
