// A client that speaks Streamable HTTP (2025-03-26 to 2025-11-25): POSTs with answers, and GET streams.

import { Envelope } from "../../channel/envelope.ts";
import { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { traitsOf } from "../../protocol/versions.ts";
import type { Peer } from "../../runtime/serve.ts";
import type { Log } from "../../telemetry/log.ts";
import { CallRoute } from "./call_route.ts";
import type { Accepts } from "./call_route.ts";
import { CallTable } from "./call_table.ts";
import type { ClientChannel } from "./client_channel.ts";
import { EventStream } from "./event_stream.ts";
import { HeldMessages } from "./held_messages.ts";
import { Inbox } from "./inbox.ts";
import { Negotiation } from "./negotiation.ts";
import { checkIds, requestIds } from "./open_ids.ts";
import { parseEventId } from "./replay.ts";

/** GET streams a session may have at once; one more ends the oldest. */
export const MAX_GET_STREAMS = 4;

/** One POST body, read. */
export interface Posted {
  readonly envelopes: readonly Envelope[];
  readonly form: "single" | "batch";
  readonly accepts: Accepts;
  readonly peer: Peer;
  /** Fires when the client leaves. */
  readonly signal: AbortSignal;
}

/** The channel of one session. */
export class StreamableHttpChannel implements ClientChannel {
  readonly #log: Log;
  readonly #inbox = new Inbox();
  readonly #negotiation = new Negotiation();
  readonly #calls: CallTable;
  readonly #held = new HeldMessages((envelope) => this.#giveUp(envelope));
  #gets: EventStream[] = [];
  #routes = 0;
  #closed = false;

  constructor(log: Log) {
    this.#log = log;
    this.#calls = new CallTable(log);
  }

  get revision(): string | undefined {
    return this.#negotiation.revision;
  }

  get busy(): boolean {
    return this.#gets.length > 0 || this.#calls.size > 0;
  }

  get openCalls(): number {
    return this.#calls.size;
  }

  /** Takes a POST; resolves with its HTTP answer: 202, or the answers to its requests. */
  async post(posted: Posted): Promise<Response> {
    this.#inbox.check();
    const ids = requestIds(posted.envelopes);
    checkIds(ids, this.#calls);
    const route = ids.length > 0 ? this.#openRoute(ids, posted) : undefined;
    for (const envelope of posted.envelopes) this.#note(envelope);
    this.#inbox.take(posted.envelopes);
    if (!route) return new Response(null, { status: 202 });
    this.#placeHeld();
    return await route.response;
  }

  /** Opens a GET stream, or continues the one that broke after `lastEventId`. */
  listen(lastEventId: string | undefined, peer: Peer): EventStream {
    this.#inbox.check();
    const resumed = this.#resume(lastEventId, peer);
    if (resumed) {
      this.#placeHeld();
      return resumed;
    }
    const stream = new EventStream(peer);
    this.#gets.push(stream);
    stream.over.then((end) => {
      this.#gets = this.#gets.filter((other) => other !== stream);
      if (end === "reader_stalled") this.#logCut("GET");
    });
    if (this.#gets.length > MAX_GET_STREAMS) this.#gets[0]?.end();
    this.#placeHeld();
    return stream;
  }

  hangUp(reason?: Error): void {
    this.#inbox.end(reason);
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#closed) return Promise.reject(gone());
    this.#negotiation.fromBackend(envelope);
    if (envelope.head.kind === "response") this.#calls.answer(envelope);
    else if (!this.#place(envelope)) this.#held.hold(envelope);
    // The client begins anew without this session's id, so nobody would ever end it.
    if (this.#negotiation.failed) this.hangUp();
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#inbox.drop();
    for (const envelope of this.#held.release()) this.#logDropped(envelope);
    this.#calls.close(gone());
    for (const stream of this.#gets) stream.end();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#inbox[Symbol.asyncIterator]();
  }

  #openRoute(ids: readonly RequestId[], posted: Posted): CallRoute {
    const { priming } = traitsOf(this.revision);
    const route = new CallRoute({
      ids,
      form: posted.form,
      accepts: posted.accepts,
      peer: posted.peer,
      onCut: () => this.#logCut("POST"),
      resumableAs: priming ? `s${++this.#routes}` : undefined,
    });
    this.#calls.add(route, posted.envelopes);
    posted.signal.addEventListener("abort", () => route.leave(), {
      once: true,
    });
    return route;
  }

  #note(envelope: Envelope): void {
    this.#negotiation.fromClient(envelope);
    const { method } = envelope.head;
    if (method === METHODS.cancelled) this.#calls.cancel(envelope);
  }

  #resume(lastEventId: string | undefined, peer: Peer) {
    const event = parseEventId(lastEventId ?? "");
    if (!event) return undefined;
    return this.#calls.named(event.stream)?.resume(event.sequence, peer);
  }

  /**
   * Gives a message of the backend to the one stream it belongs on: that of its
   * request; else, when the transport could not say, that of the only open call;
   * else a GET stream; else what is kept for the client of the only open call, if
   * it may come back; else that of any open call. Never to another session.
   */
  #place(envelope: Envelope): boolean {
    const own = this.#calls.relatedTo(envelope);
    if (own && own.relay(envelope) !== "impossible") return true;
    if (envelope.head.method === METHODS.progress) {
      return this.#tooLate(envelope);
    }
    const only = envelope.relatesTo === undefined
      ? this.#calls.only()
      : undefined;
    if (only?.attached && only.relay(envelope) !== "impossible") return true;
    const event = { event: "message", data: envelope.bytes };
    // The newest first: an older one may be a connection that broke without a word.
    if (this.#gets.toReversed().some((stream) => stream.write(event))) {
      return true;
    }
    if (only?.resumable && only.relay(envelope) !== "impossible") return true;
    const any = this.#calls.any();
    return any !== undefined && any.relay(envelope) !== "impossible";
  }

  /** Progress is for its own call only: without one it is dropped, not held. */
  #tooLate(progress: Envelope): true {
    const { kind, method } = progress.head;
    const reason = "its call is over, or its client has left";
    this.#log.debug("Message dropped", {
      from: "backend",
      kind,
      method,
      reason,
    });
    return true;
  }

  #placeHeld(): void {
    this.#held.offer((envelope) => this.#place(envelope));
  }

  /** No stream came in time: a request is answered for the client, a notification is lost. */
  #giveUp(envelope: Envelope): void {
    this.#logDropped(envelope);
    const { kind, id } = envelope.head;
    if (kind !== "request" || this.#closed) return;
    const { code, message } = new GatewayError(
      "undeliverable",
      "The client has no stream open on which it could be asked",
    );
    this.#inbox.take([Envelope.error(id as RequestId, { code, message })]);
  }

  #logDropped(envelope: Envelope): void {
    const { kind, method } = envelope.head;
    const reason = "no stream of the client was open";
    this.#log.warn("Message dropped", {
      from: "backend",
      kind,
      method,
      reason,
    });
  }

  #logCut(stream: string): void {
    this.#log.warn("Stream cut", {
      stream,
      reason: "the client stopped reading",
    });
  }
}

function gone(): GatewayError {
  return new GatewayError("client_gone", "The session has ended");
}
