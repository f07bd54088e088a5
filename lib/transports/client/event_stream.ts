// A Server-Sent Events stream towards a client: bounded, kept alive, and aware of the reader leaving.

import { MAX_ROUTE_BYTES } from "../../channel/limits.ts";
import { oneLine } from "../../channel/one_line.ts";
import { Queue } from "../../channel/queue.ts";
import { MEDIA } from "../../protocol/headers.ts";
import type { Peer } from "../../runtime/serve.ts";

/** How long a stream may be silent before a comment keeps middleboxes from cutting it. */
export const KEEP_ALIVE_MS = 15_000;

const encoder = new TextEncoder();
const OPENING = [encoder.encode(": open\n\n")];
const KEEP_ALIVE = [encoder.encode(": keep-alive\n\n")];
/** Up to this size an event is copied into one chunk. */
const COPY_LIMIT_BYTES = 64 * 1024;
const END_OF_EVENT = encoder.encode("\n\n");

/** One event (WHATWG HTML § 9.2.6). */
export interface OutgoingEvent {
  readonly event?: string;
  readonly id?: string;
  /** One JSON text or any text without line breaks; line breaks between JSON tokens become spaces. */
  readonly data: Uint8Array;
}

/** Why a stream is over. */
export type StreamEnd = "ended" | "reader_left" | "reader_stalled";

/** One response body of events. */
export class EventStream {
  /** Events as the chunks they are written in; the bound counts whole events. */
  readonly #queue = new Queue<Uint8Array[]>(MAX_ROUTE_BYTES, sizeOf);
  readonly #peer: Peer;
  readonly #over = Promise.withResolvers<StreamEnd>();
  readonly #body: ReadableStream<Uint8Array>;
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #wrote = false;
  #open = true;

  constructor(peer: Peer) {
    this.#peer = peer;
    peer.hold();
    this.#keepAlive = setInterval(() => this.#beat(), KEEP_ALIVE_MS);
    this.#body = new ReadableStream<Uint8Array>({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#finish("reader_left"),
    }, { highWaterMark: 0 });
  }

  /** Resolves when nothing more can be written, with the reason. */
  get over(): Promise<StreamEnd> {
    return this.#over.promise;
  }

  /** Whether events can still be written. */
  get open(): boolean {
    return this.#open;
  }

  /** The HTTP answer that carries the stream. */
  response(headers: Readonly<Record<string, string>> = {}): Response {
    // Bun sends the headers with the first bytes of the body: there must be some.
    if (!this.#wrote) this.#queue.push(OPENING);
    return new Response(this.#body, {
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
    if (!this.#open) return false;
    this.#wrote = true;
    if (this.#queue.push(encode(event))) return true;
    this.#cut();
    return false;
  }

  /** Ends the stream after what is queued. */
  end(): void {
    this.#queue.end();
    this.#finish("ended");
  }

  /** Cuts the stream off, between events: its reader does not read. */
  #cut(): void {
    this.#queue.drop();
    this.#finish("reader_stalled");
  }

  async #pull(
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    const next = await this.#queue.next();
    if (!next.done) {
      for (const chunk of next.value) controller.enqueue(chunk);
      return;
    }
    try {
      controller.close();
    } catch {
      // The reader left or the stream was cut while we waited: it is closed already.
    }
  }

  #beat(): void {
    if (!this.#wrote && this.#queue.weight === 0) this.#queue.push(KEEP_ALIVE);
    this.#wrote = false;
  }

  #finish(end: StreamEnd): void {
    this.#open = false;
    clearInterval(this.#keepAlive);
    this.#peer.release();
    if (end === "reader_left") this.#queue.drop();
    this.#over.resolve(end);
  }
}

function sizeOf(parts: Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function encode({ event, id, data }: OutgoingEvent): Uint8Array[] {
  const head = (event === undefined ? "" : `event: ${event}\n`) +
    (id === undefined ? "" : `id: ${id}\n`) + "data: ";
  return joined([encoder.encode(head), oneLine(data), END_OF_EVENT]);
}

/** Small events travel as one chunk; a large body is not copied. */
function joined(parts: Uint8Array[]): Uint8Array[] {
  const length = sizeOf(parts);
  if (length > COPY_LIMIT_BYTES) return parts;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return [whole];
}
