// A client that speaks HTTP+SSE (2024-11-05): one GET stream for everything we say, POSTs for what it says.

import { Envelope } from "../../channel/envelope.ts";
import { Ledger } from "../../channel/ledger.ts";
import { GatewayError } from "../../errors.ts";
import type { Peer } from "../../runtime/serve.ts";
import type { Log } from "../../telemetry/log.ts";
import type { ClientChannel } from "./client_channel.ts";
import { EventStream } from "./event_stream.ts";
import { Inbox } from "./inbox.ts";
import { Negotiation } from "./negotiation.ts";
import { checkIds, requestIds } from "./open_ids.ts";

const encoder = new TextEncoder();

/** The channel of one session; it lives as long as its stream. */
export class SseChannel implements ClientChannel {
  readonly #inbox = new Inbox();
  readonly #negotiation = new Negotiation();
  readonly #open = new Ledger();
  readonly #stream: EventStream;
  #closed = false;

  /** @param endpoint the URI for POSTs, said in the first event */
  constructor(endpoint: string, peer: Peer, log: Log) {
    this.#stream = new EventStream(peer);
    this.#stream.write({ event: "endpoint", data: encoder.encode(endpoint) });
    this.#stream.over.then((end) => {
      if (end === "ended") return;
      if (end === "reader_left") return this.#inbox.end();
      const reason = "the client stopped reading";
      log.warn("Stream cut", { stream: "SSE", reason });
      this.#inbox.end(stalled());
    });
  }

  get revision(): string | undefined {
    return this.#negotiation.revision;
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
    checkIds(requestIds(envelopes), this.#open);
    for (const envelope of envelopes) this.#note(envelope);
    this.#inbox.take(envelopes);
  }

  hangUp(reason?: Error): void {
    this.#inbox.end(reason);
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#closed) return Promise.reject(left());
    this.#negotiation.fromBackend(envelope);
    if (envelope.head.kind === "response") this.#open.answered(envelope);
    const event = { event: "message", data: envelope.bytes };
    if (this.#stream.write(event)) return Promise.resolve();
    return Promise.reject(left());
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
