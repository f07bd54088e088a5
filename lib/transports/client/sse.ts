// A client that speaks HTTP+SSE (2024-11-05): one GET stream for everything we say, POSTs for what it says.

import { Envelope } from "../../channel/envelope.ts";
import { Ledger } from "../../channel/ledger.ts";
import { Slice } from "../../channel/turns.ts";
import { GatewayError, tellsLostRight } from "../../errors.ts";
import type { Peer } from "../../runtime/serve.ts";
import { Backlog } from "./backlog.ts";
import type { ClientChannel, ClientChannelOptions } from "./client_channel.ts";
import { EventStream } from "./event_stream.ts";
import { Inbox } from "./inbox.ts";
import { Negotiation } from "./negotiation.ts";
import { checkIds, requestIds } from "./open_ids.ts";

const encoder = new TextEncoder();

/** The channel of one session; it lives as long as its stream. */
export class SseChannel implements ClientChannel {
  readonly #inbox: Inbox;
  readonly #backlog: Backlog;
  readonly #maxRequests: number;
  readonly #negotiation = new Negotiation();
  readonly #open: Ledger;
  readonly #stream: EventStream;
  readonly #slice = new Slice();
  /** Why the stream was cut, if it was. */
  #stalled?: GatewayError;
  #closed = false;

  /** @param endpoint the URI for POSTs, said in the first event */
  constructor(endpoint: string, peer: Peer, options: ClientChannelOptions) {
    const { log, limits, memory } = options;
    this.#maxRequests = limits.requestsPerSession;
    this.#inbox = new Inbox(options);
    this.#open = new Ledger(this.#maxRequests);
    const { streamBytes } = limits;
    this.#backlog = new Backlog({ log, streamBytes, memory });
    this.#stream = new EventStream("SSE", peer, this.#backlog);
    this.#stream.write({ event: "endpoint", data: encoder.encode(endpoint) });
    this.#stream.over.then((end) => {
      if (end === "reader_left") this.#inbox.end();
      if (end !== "reader_stalled") return;
      this.#stalled = stalled();
      this.#inbox.end(this.#stalled);
    });
  }

  get revision(): string | undefined {
    return this.#negotiation.revision;
  }

  get over(): Promise<Error | undefined> {
    return this.#inbox.over;
  }

  get busy(): boolean {
    return this.#stream.open;
  }

  get openCalls(): number {
    return this.#open.size;
  }

  /** The HTTP answer to the GET. */
  response(): Response {
    return this.#stream.response();
  }

  /** Takes the messages of one POST. Throws `invalid_message`, `overloaded` or `session_not_found`. */
  post(envelopes: readonly Envelope[]): void {
    this.#inbox.check();
    checkIds(requestIds(envelopes), this.#open, this.#maxRequests);
    for (const envelope of envelopes) this.#note(envelope);
    this.#inbox.take(envelopes);
  }

  hangUp(reason?: Error): void {
    this.#inbox.end(reason);
    if (tellsLostRight(reason)) this.#backlog.withhold();
    this.#backlog.hurry();
  }

  async send(envelope: Envelope): Promise<void> {
    // Only the reason reaches a client that has lost its right to the rest.
    if (this.#backlog.withheld && !tellsLostRight(envelope.tells)) return;
    if (this.#backlog.tight) {
      await this.#backlog.room(() => this.#stream.body);
    }
    if (this.#closed) throw this.#stalled ?? left();
    this.#negotiation.fromBackend(envelope);
    if (envelope.head.kind === "response") this.#open.answered(envelope);
    const event = { event: "message", data: envelope.bytes };
    if (!this.#stream.write(event)) throw this.#stalled ?? left();
    const turn = this.#slice.pass(envelope.bytes.length);
    if (turn) await turn;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#inbox.drop();
    // What the client said last may not have been carried on: it is answered all the same.
    for (const id of this.#open.ids()) {
      const data = Envelope.failure(id, left()).bytes;
      this.#stream.write({ event: "message", data });
    }
    this.#stream.end();
    this.#backlog.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#inbox[Symbol.asyncIterator]();
  }

  #note(envelope: Envelope): void {
    if (envelope.head.kind !== "response") this.#open.asked(envelope);
    this.#negotiation.fromClient(envelope);
  }
}

function left(): GatewayError {
  return new GatewayError("client_gone", "The client has closed its stream");
}

function stalled(): GatewayError {
  return new GatewayError(
    "client_stalled",
    "The client stopped reading its stream",
  );
}
