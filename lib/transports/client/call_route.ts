// The way back for the requests of one POST: one JSON answer, or a stream when more has to be said.

import type { Envelope } from "../../channel/envelope.ts";
import { MEDIA } from "../../protocol/headers.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Peer } from "../../runtime/serve.ts";
import { EventStream } from "./event_stream.ts";
import { Replay } from "./replay.ts";

/** How long an answer may take before its response becomes a stream with keep-alives. */
export const STREAM_AFTER_MS = 5_000;

/** Which bodies the client takes, from its `Accept` header. */
export interface Accepts {
  readonly json: boolean;
  readonly events: boolean;
}

/** What a route is made for. */
export interface CallRouteOptions {
  readonly ids: readonly RequestId[];
  /** `batch`: the requests came as one array, and so do their answers. */
  readonly form: "single" | "batch";
  readonly accepts: Accepts;
  readonly peer: Peer;
  /** Its name in event ids; absent: the client is not given any, and the stream cannot be resumed. */
  readonly resumableAs?: string;
  /** Told when its stream was cut because the client stopped reading it. */
  readonly onCut: () => void;
}

/** What became of a message given to a route. */
export type Delivery = "delivered" | "kept" | "impossible";

const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** One POST with at least one request. */
export class CallRoute {
  readonly #options: CallRouteOptions;
  readonly #response = Promise.withResolvers<Response>();
  readonly #unanswered: Set<string>;
  readonly #answers: Envelope[] = [];
  readonly #toStream?: ReturnType<typeof setTimeout>;
  #replay?: Replay;
  #stream?: EventStream;
  #phase: "undecided" | "streaming" | "lost" | "done" = "undecided";

  constructor(options: CallRouteOptions) {
    this.#options = options;
    this.#unanswered = new Set(options.ids.map(idKey));
    options.peer.hold();
    if (options.accepts.json && options.accepts.events) {
      this.#toStream = setTimeout(() => this.#openStream(), STREAM_AFTER_MS);
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
    if (this.#phase === "undecided") {
      this.#answers.push(envelope);
      if (this.done) this.#answerAsJson();
      return "delivered";
    }
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
    if (this.#answers.length > 0) return this.#answerAsJson();
    this.#decide("done", new Response(null, { status: 202 }));
  }

  /** The client went away before it was told anything. */
  leave(): void {
    if (this.#phase !== "undecided") return;
    this.#decide("lost", new Response(null, { status: 499 }));
  }

  /** A new stream for a client that came back with the id of the last event it saw. */
  resume(sequence: number, peer: Peer): EventStream | undefined {
    if (!this.#replay) return undefined;
    this.#stream?.end();
    const stream = new EventStream(peer);
    for (const event of this.#replay.since(sequence)) stream.write(event);
    this.#attach(stream);
    if (this.done) this.#endStream();
    return stream;
  }

  /** Ends whatever is open. */
  close(): void {
    if (this.#phase === "undecided") this.leave();
    else this.#endStream();
  }

  #answerAsJson(): void {
    const body = this.#options.form === "single"
      ? (this.#answers[0] as Envelope).bytes
      : asArray(this.#answers);
    const headers = { "content-type": MEDIA.json };
    this.#decide("done", new Response(body as BodyInit, { headers }));
  }

  #openStream(): void {
    const stream = new EventStream(this.#options.peer);
    const { resumableAs } = this.#options;
    if (resumableAs !== undefined) {
      this.#replay = new Replay(resumableAs);
      stream.write(this.#replay.priming());
    }
    this.#attach(stream);
    this.#decide("streaming", stream.response());
    for (const answer of this.#answers.splice(0)) this.#write(answer);
  }

  #attach(stream: EventStream): void {
    this.#stream = stream;
    this.#phase = "streaming";
    stream.over.then((end) => {
      if (end === "reader_stalled") this.#options.onCut();
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
    return this.#replay ? "kept" : "impossible";
  }

  #decide(phase: "streaming" | "lost" | "done", response: Response): void {
    clearTimeout(this.#toStream);
    this.#phase = phase;
    if (phase === "done") this.#options.peer.release();
    this.#response.resolve(response);
  }
}

function asArray(answers: readonly Envelope[]): Uint8Array {
  const length = answers.reduce((sum, { bytes }) => sum + bytes.length + 1, 1);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const answer of answers) {
    bytes[at] = at === 0 ? OPEN_BRACKET : COMMA;
    bytes.set(answer.bytes, at + 1);
    at += answer.bytes.length + 1;
  }
  bytes[at] = CLOSE_BRACKET;
  return bytes;
}
