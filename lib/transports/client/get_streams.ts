// The GET streams of one session: for what belongs to none of its calls.

import type { Envelope } from "../../channel/envelope.ts";
import type { Peer } from "../../runtime/serve.ts";
import type { Backlog } from "./backlog.ts";
import type { Delivery } from "./call_route.ts";
import { EventStream } from "./event_stream.ts";
import type { OutgoingBody } from "./outgoing_body.ts";

/** GET streams a session may have at once; one more ends the oldest. */
export const MAX_GET_STREAMS = 4;

/** One of them, as a way for a message. */
export class GetStream {
  readonly events: EventStream;

  constructor(events: EventStream) {
    this.events = events;
  }

  /** What the client has not read of it. */
  get body(): OutgoingBody {
    return this.events.body;
  }

  /** Delivers a message. */
  relay({ bytes }: Envelope): Delivery {
    const event = { event: "message", data: bytes };
    return this.events.write(event) ? "delivered" : "impossible";
  }
}

/** Those that are open, the oldest first. */
export class GetStreams {
  readonly #backlog: Backlog;
  #open: GetStream[] = [];

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  /** How many there are. */
  get size(): number {
    return this.#open.length;
  }

  /** Opens one more. */
  open(peer: Peer): EventStream {
    const events = new EventStream("GET", peer, this.#backlog);
    const stream = new GetStream(events);
    this.#open.push(stream);
    events.over.then(() => {
      this.#open = this.#open.filter((other) => other !== stream);
    });
    if (this.#open.length > MAX_GET_STREAMS) this.#open[0]?.events.end();
    return events;
  }

  /** An older one may be a connection that broke without a word. */
  newestFirst(): readonly GetStream[] {
    return this.#open.toReversed();
  }

  /** Ends all of them. */
  end(): void {
    for (const { events } of this.#open) events.end();
  }
}
