// The way back for the requests of one POST: one JSON answer, or a stream when more has to be said.

import { deadlines } from "../../channel/deadlines.ts";
import type { Deadline } from "../../channel/deadlines.ts";
import type { Envelope } from "../../channel/envelope.ts";
import type { Memory } from "../../channel/memory.ts";
import type { GatewayError } from "../../errors.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Peer } from "../../runtime/serve.ts";
import { CollectedAnswers } from "./collected_answers.ts";
import type { CollectedAnswersOptions } from "./collected_answers.ts";
import { EventStream } from "./event_stream.ts";
import { jsonAnswer } from "./json_answer.ts";
import type { OutgoingBody } from "./outgoing_body.ts";
import { Replay } from "./replay.ts";

/** How long an answer may take before its response becomes a stream with keep-alives. */
export const STREAM_AFTER_MS = 5_000;

/** Which bodies the client takes, from its `Accept` header. */
export interface Accepts {
  readonly json: boolean;
  readonly events: boolean;
}

/** What a route is made for. */
export interface CallRouteOptions extends CollectedAnswersOptions {
  readonly accepts: Accepts;
  readonly peer: Peer;
  /** The account of what the streams of the session keep for a client that comes back. */
  readonly replays: Memory;
  /** Its name in event ids; absent: the client is not given any, and the stream cannot be resumed. */
  readonly resumableAs?: string;
}

/** What became of a message given to a route. */
export type Delivery = "delivered" | "kept" | "impossible";

/** One POST with at least one request. */
export class CallRoute {
  readonly #options: CallRouteOptions;
  readonly #response = Promise.withResolvers<Response>();
  readonly #unanswered: Set<string>;
  readonly #answers: CollectedAnswers;
  readonly #toStream?: Deadline;
  #replay?: Replay;
  #stream?: EventStream;
  #phase: "undecided" | "streaming" | "lost" | "done" = "undecided";

  constructor(options: CallRouteOptions) {
    this.#options = options;
    this.#unanswered = new Set(options.ids.map(idKey));
    this.#answers = new CollectedAnswers(options);
    options.peer.hold();
    if (options.accepts.json && options.accepts.events) {
      this.#toStream = deadlines.start(
        STREAM_AFTER_MS,
        () => this.#openStream(),
      );
    } else if (options.accepts.events) {
      this.#openStream();
    }
  }

  /** The HTTP answer, as soon as it is clear which form it takes. */
  get response(): Promise<Response> {
    return this.#response.promise;
  }

  /** Its name in event ids, if its client is given any. */
  get name(): string | undefined {
    return this.#options.resumableAs;
  }

  /** Whether its client left before the end. */
  get lost(): boolean {
    return this.#phase === "lost";
  }

  /** Whether every request has had its answer. */
  get done(): boolean {
    return this.#unanswered.size === 0;
  }

  /** Whether the client reads from it, or will when something is said. */
  get attached(): boolean {
    if (this.#phase === "undecided") return this.#options.accepts.events;
    return this.#stream?.open === true;
  }

  /** What the client has not read of its stream, if there is one. */
  get body(): OutgoingBody | undefined {
    return this.#stream?.body;
  }

  /** Whether the client could come back for what it missed. */
  get resumable(): boolean {
    return this.#replay !== undefined;
  }

  /** What is kept for a client that comes back, in bytes. */
  get keptBytes(): number {
    return this.#replay?.bytes ?? 0;
  }

  /** Delivers the answer to one of its requests. */
  answer(envelope: Envelope): Delivery {
    this.#unanswered.delete(idKey(envelope.head.id as RequestId));
    if (this.#phase === "undecided") return this.#collect(envelope);
    const delivery = this.#write(envelope);
    if (this.done) this.#endStream();
    return delivery;
  }

  /** Delivers a message that belongs to its requests but answers none. */
  relay(envelope: Envelope): Delivery {
    if (this.#phase === "undecided") {
      if (!this.#options.accepts.events) return "impossible";
      this.#openStream();
    }
    return this.#write(envelope);
  }

  /** Ends the wait for a request that the client cancelled. `last` is said on streams the client would else come back for. */
  forget(id: RequestId, last: Envelope): void {
    if (!this.#unanswered.delete(idKey(id))) return;
    if (this.resumable) this.#write(last);
    if (!this.done) return;
    if (this.#phase !== "undecided") return this.#endStream();
    if (!this.#answers.empty) return this.#answerAsJson();
    this.#decide("done", new Response(null, { status: 202 }));
  }

  /** The client went away before it was told anything. */
  leave(): void {
    if (this.#phase !== "undecided") return;
    this.#answers.take();
    this.#decide("lost", new Response(null, { status: 499 }));
  }

  /** A new stream for a client that came back with the id of the last event it saw. */
  resume(sequence: number, peer: Peer): EventStream | undefined {
    if (!this.#replay) return undefined;
    this.#stream?.abandon();
    if (!this.#replay.isWhole(sequence)) {
      const reason = "more was said meanwhile than is kept";
      this.#options.log.warn("Stream resumed with a gap", { reason });
    }
    const stream = new EventStream("GET", peer, this.#options.backlog);
    for (const event of this.#replay.since(sequence)) stream.write(event);
    this.#attach(stream);
    if (this.done) this.#endStream();
    return stream;
  }

  /** Its client will not come back for what is kept. */
  forgetAnswers(): void {
    this.#replay?.clear();
  }

  /** Ends whatever is open. */
  close(): void {
    if (this.#phase === "undecided") this.leave();
    else this.#endStream();
  }

  #collect(answer: Envelope): Delivery {
    if (this.#answers.full && this.#options.accepts.events) {
      this.#openStream();
      return this.answer(answer);
    }
    const { tells } = answer;
    if (tells?.fault === "insufficient_scope" && this.#isSingle) {
      this.#challenge(answer, tells);
      return "delivered";
    }
    this.#answers.push(answer);
    if (this.done) this.#answerAsJson();
    return "delivered";
  }

  get #isSingle(): boolean {
    return this.#options.form === "single";
  }

  /** Clients look for what they are asked for in the header of an answer with this status (2025-11-25 `basic/authorization` § Scope Challenge Handling). */
  #challenge({ bytes }: Envelope, { status, headers }: GatewayError): void {
    const telling = { status, headers };
    const response = jsonAnswer(bytes, () => this.#options.backlog, telling);
    this.#decide("done", response);
  }

  #answerAsJson(): void {
    const body = this.#answers.takeAsJson();
    const response = jsonAnswer(body, () => this.#options.backlog);
    this.#decide("done", response);
  }

  #openStream(): void {
    const { peer, backlog, resumableAs, replays: memory } = this.#options;
    const stream = new EventStream("POST", peer, backlog);
    if (resumableAs !== undefined) {
      const { streamBytes } = backlog;
      this.#replay = new Replay(resumableAs, { streamBytes, memory });
      stream.write(this.#replay.priming());
    }
    this.#attach(stream);
    this.#decide("streaming", stream.response());
    for (const answer of this.#answers.take()) this.#write(answer);
  }

  #attach(stream: EventStream): void {
    this.#stream = stream;
    this.#phase = "streaming";
    stream.over.then((end) => {
      if (end !== "ended" && this.#stream === stream) this.#phase = "lost";
    });
  }

  #endStream(): void {
    this.#stream?.end();
    if (this.#phase !== "lost") this.#phase = "done";
  }

  #write(envelope: Envelope): Delivery {
    const event = this.#replay?.record(envelope.bytes) ??
      { event: "message", data: envelope.bytes };
    if (this.#stream?.write(event)) return "delivered";
    return this.#replay?.keepsLast ? "kept" : "impossible";
  }

  #decide(phase: "streaming" | "lost" | "done", response: Response): void {
    deadlines.end(this.#toStream);
    this.#phase = phase;
    if (phase === "done") this.#options.peer.release();
    this.#response.resolve(response);
  }
}
