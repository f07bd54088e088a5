// A Server-Sent Events stream towards a client: bounded, kept alive, and aware of the reader leaving.

import { oneLine } from "../../channel/one_line.ts";
import { MEDIA } from "../../protocol/headers.ts";
import type { Peer } from "../../runtime/serve.ts";
import type { Backlog, Unread } from "./backlog.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import type { BodyEnd } from "./outgoing_body.ts";

/** How long a stream may be silent before a comment keeps middleboxes from cutting it. */
export const KEEP_ALIVE_MS = 15_000;

const encoder = new TextEncoder();
const OPENING = [encoder.encode(": open\n\n")];
const KEEP_ALIVE = [encoder.encode(": keep-alive\n\n")];
const END_OF_EVENT = encoder.encode("\n\n");

/** One event (WHATWG HTML § 9.2.6). */
export interface OutgoingEvent {
  readonly event?: string;
  readonly id?: string;
  /** How long the client is to wait before it comes back for the stream. */
  readonly retryMs?: number;
  /** One JSON text or any text without line breaks; line breaks between JSON tokens become spaces. */
  readonly data: Uint8Array;
}

/** One response body of events. */
export class EventStream {
  /** What is not read yet. */
  readonly body: OutgoingBody;
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #wrote = false;

  /**
   * @param name what the stream answers
   * @param backlog what its session's client has not read yet
   */
  constructor(name: Unread["name"], peer: Peer, backlog: Backlog) {
    peer.hold();
    this.#keepAlive = setInterval(() => this.#beat(), KEEP_ALIVE_MS);
    this.body = new OutgoingBody(name, backlog);
    this.body.over.then(() => {
      clearInterval(this.#keepAlive);
      peer.release();
    });
  }

  /** Resolves when nothing more can be written, with the reason. */
  get over(): Promise<BodyEnd> {
    return this.body.over;
  }

  /** Whether events can still be written. */
  get open(): boolean {
    return this.body.open;
  }

  /** The HTTP answer that carries the stream. */
  response(headers: Readonly<Record<string, string>> = {}): Response {
    // Bun sends the headers with the first bytes of the body: there must be some.
    if (!this.#wrote) this.body.write(OPENING);
    return new Response(this.body.stream, {
      headers: {
        "content-type": MEDIA.events,
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
        ...headers,
      },
    });
  }

  /** Queues an event; `false` when the stream is over, or was cut because its reader stopped reading. */
  write(event: OutgoingEvent): boolean {
    if (!this.open) return false;
    this.#wrote = true;
    return this.body.write(encode(event));
  }

  /** Ends the stream after what is queued. */
  end(): void {
    this.body.end();
  }

  /** Ends the stream at once: its client goes on with another one. */
  abandon(): void {
    this.body.abandon();
  }

  #beat(): void {
    if (!this.#wrote && this.body.weight === 0) this.body.write(KEEP_ALIVE);
    this.#wrote = false;
  }
}

function encode({ event, id, retryMs, data }: OutgoingEvent): Uint8Array[] {
  const head = (event === undefined ? "" : `event: ${event}\n`) +
    (id === undefined ? "" : `id: ${id}\n`) +
    (retryMs === undefined ? "" : `retry: ${retryMs}\n`) + "data: ";
  return [encoder.encode(head), oneLine(data), END_OF_EVENT];
}
