// A client that speaks Streamable HTTP (2025-03-26 to 2025-11-25): POSTs with answers, and GET streams.

import { Deadlines } from "../../channel/deadlines.ts";
import { Envelope } from "../../channel/envelope.ts";
import { Slice } from "../../channel/turns.ts";
import { GatewayError, tellsLostRight } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { traitsOf } from "../../protocol/versions.ts";
import type { Peer } from "../../runtime/serve.ts";
import type { Limits } from "../../limits.ts";
import type { Log, LogFields } from "../../telemetry/log.ts";
import { Backlog } from "./backlog.ts";
import { CallRoute } from "./call_route.ts";
import type { Accepts } from "./call_route.ts";
import { CallTable } from "./call_table.ts";
import type { ClientChannel, ClientChannelOptions } from "./client_channel.ts";
import type { EventStream } from "./event_stream.ts";
import { GetStreams } from "./get_streams.ts";
import { HeldMessages } from "./held_messages.ts";
import { Inbox } from "./inbox.ts";
import { MemoryShare } from "./memory_share.ts";
import { Negotiation } from "./negotiation.ts";
import { checkIds, requestIds } from "./open_ids.ts";
import { Placement } from "./placement.ts";
import { parseEventId } from "./replay.ts";
import { Throttle } from "./throttle.ts";

export { MAX_GET_STREAMS } from "./get_streams.ts";

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
  readonly #limits: Limits;
  readonly #inbox: Inbox;
  readonly #backlog: Backlog;
  /** What its streams keep for a client that comes back. */
  readonly #replays: MemoryShare;
  readonly #negotiation = new Negotiation();
  readonly #calls: CallTable;
  readonly #gets: GetStreams;
  readonly #placement: Placement;
  readonly #held: HeldMessages;
  readonly #throttle = new Throttle();
  readonly #deadlines = new Deadlines();
  readonly #slice = new Slice();
  #routes = 0;
  #closed = false;

  constructor(options: ClientChannelOptions) {
    const { log, limits, memory } = options;
    const { streamBytes } = limits;
    const keptBytes = limits.sessionBytes / 2;
    this.#log = log;
    this.#limits = limits;
    this.#inbox = new Inbox(options);
    this.#backlog = new Backlog({ log, streamBytes, memory });
    this.#replays = new MemoryShare(keptBytes, memory);
    this.#calls = new CallTable(log, keptBytes);
    this.#gets = new GetStreams(this.#backlog);
    this.#placement = new Placement(this.#calls, this.#gets);
    this.#held = new HeldMessages(options, (one) => this.#giveUp(one));
  }

  get revision(): string | undefined {
    return this.#negotiation.revision;
  }

  get over(): Promise<Error | undefined> {
    return this.#inbox.over;
  }

  get busy(): boolean {
    return this.#gets.size > 0 || this.#calls.size > 0;
  }

  get openCalls(): number {
    return this.#calls.size;
  }

  /** Takes a POST; resolves with its HTTP answer: 202, or the answers to its requests. */
  async post(posted: Posted): Promise<Response> {
    this.#inbox.check();
    const ids = requestIds(posted.envelopes);
    checkIds(ids, this.#calls, this.#limits.requestsPerSession);
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
    const stream = this.#resume(lastEventId, peer) ?? this.#gets.open(peer);
    this.#placeHeld();
    return stream;
  }

  hangUp(reason?: Error): void {
    this.#inbox.end(reason);
    if (tellsLostRight(reason)) this.#backlog.withhold();
    this.#backlog.hurry();
    this.#throttle.stop();
  }

  async send(envelope: Envelope): Promise<void> {
    // Only the reason reaches a client that has lost its right to the rest.
    if (this.#backlog.withheld && !tellsLostRight(envelope.tells)) return;
    if (this.#backlog.tight) {
      await this.#backlog.room(() => this.#placement.bodyFor(envelope));
    }
    if (this.#closed) throw gone();
    this.#negotiation.fromBackend(envelope);
    if (envelope.head.kind === "response") this.#calls.answer(envelope);
    else if (!this.#reaches(envelope)) {
      await this.#throttle.pay(envelope.bytes.length);
    }
    const turn = this.#slice.pass(envelope.bytes.length);
    if (turn) await turn;
    // The client begins anew without this session's id, so nobody would ever end it.
    if (this.#negotiation.failed) this.hangUp();
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#inbox.drop();
    for (const envelope of this.#held.release()) this.#logDropped(envelope);
    this.#calls.close(gone());
    this.#deadlines.clear();
    this.#gets.end();
    this.#backlog.close();
    this.#throttle.stop();
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
      backlog: this.#backlog,
      replays: this.#replays,
      deadlines: this.#deadlines,
      log: this.#log,
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

  /** Gives a message of the backend to its stream, or lets it wait for one; whether a client gets it, for all that is known. */
  #reaches(envelope: Envelope): boolean {
    const delivery = this.#placement.place(envelope);
    if (delivery !== "impossible") return delivery === "delivered";
    if (envelope.head.method !== METHODS.progress) {
      return this.#held.hold(envelope) === "waits";
    }
    // Without its call it is of no use later: it is dropped, not held.
    const reason = "its call is over, or its client has left";
    this.#log.debug("Message dropped", { ...droppedFields(envelope), reason });
    return false;
  }

  #placeHeld(): void {
    this.#held.offer((one) => this.#placement.place(one) !== "impossible");
    this.#throttle.wake();
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
    const reason = "no stream of the client was open";
    this.#log.warn("Message dropped", { ...droppedFields(envelope), reason });
  }
}

function droppedFields({ head: { kind, method } }: Envelope): LogFields {
  return { from: "backend", kind, method };
}

function gone(): GatewayError {
  return new GatewayError("client_gone", "The session has ended");
}
