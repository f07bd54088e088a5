// Which stream of its session a message of the backend belongs on.

import type { Envelope } from "../../channel/envelope.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { Delivery } from "./call_route.ts";
import type { CallTable } from "./call_table.ts";
import type { GetStreams } from "./get_streams.ts";
import type { OutgoingBody } from "./outgoing_body.ts";

/** A way to the client. */
interface Way {
  /** What the client has not read of it, once it is a stream. */
  readonly body: OutgoingBody | undefined;
  relay(envelope: Envelope): Delivery;
}

/** Finds the way for each message of a session; never one of another session. */
export class Placement {
  readonly #calls: CallTable;
  readonly #gets: GetStreams;

  constructor(calls: CallTable, gets: GetStreams) {
    this.#calls = calls;
    this.#gets = gets;
  }

  /** Delivers a message that is no answer; `impossible` when there is no way for it now. */
  place(envelope: Envelope): Delivery {
    for (const way of this.#ways(envelope)) {
      const delivery = way.relay(envelope);
      if (delivery !== "impossible") return delivery;
    }
    return "impossible";
  }

  /** The body that a message would go to, if its way has one already. */
  bodyFor(envelope: Envelope): OutgoingBody | undefined {
    if (envelope.head.kind === "response") {
      return this.#calls.asked(envelope)?.body;
    }
    for (const way of this.#ways(envelope)) return way.body;
  }

  /**
   * The stream of its own request; else, when the transport could not say, that of
   * the only open call; else a GET stream; else what is kept for the client of the
   * only open call, if it may come back; else the stream of any open call. Progress
   * is for its own call only.
   */
  *#ways(envelope: Envelope): Generator<Way> {
    const own = this.#calls.relatedTo(envelope);
    if (own && (own.attached || own.resumable)) yield own;
    if (envelope.head.method === METHODS.progress) return;
    const only = envelope.relatesTo === undefined
      ? this.#calls.only()
      : undefined;
    if (only?.attached) yield only;
    yield* this.#gets.newestFirst();
    if (only?.resumable) yield only;
    const any = this.#calls.any();
    if (any) yield any;
  }
}
