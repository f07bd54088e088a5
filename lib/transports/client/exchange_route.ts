// The way back for one exchange: one JSON answer, or a stream when more has to be said before it.

import type { Deadline, Deadlines } from "../../channel/deadlines.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { tellsLostRight } from "../../errors.ts";
import type { GatewayError } from "../../errors.ts";
import type { Memory } from "../../channel/memory.ts";
import type { Limits } from "../../limits.ts";
import type { Peer } from "../../runtime/serve.ts";
import type { Log } from "../../telemetry/log.ts";
import { Backlog } from "./backlog.ts";
import { STREAM_AFTER_MS } from "./call_route.ts";
import type { Accepts } from "./call_route.ts";
import { EventStream } from "./event_stream.ts";
import { AS_USUAL, jsonAnswer } from "./json_answer.ts";
import type { Telling } from "./json_answer.ts";

/** What a route is made for. */
export interface ExchangeRouteOptions {
  /** Without `events`, what comes before the answer is not told. */
  readonly accepts: Pick<Accepts, "events">;
  readonly peer: Peer;
  readonly limits: Limits;
  /** The account of the exchange. */
  readonly memory: Memory;
  /** Those of all exchanges. */
  readonly deadlines: Deadlines;
  /** Its lines name the exchange. */
  log(): Log;
  /** The client has left its stream, or was cut for not reading. */
  onLeave(how: "reader_left" | "reader_stalled"): void;
}

/** One POST with one request of the modern era (2026-07-28 `basic/transports/streamable-http` § Receiving Messages). */
export class ExchangeRoute {
  readonly #options: ExchangeRouteOptions;
  readonly #response = Promise.withResolvers<Response>();
  readonly #toStream?: Deadline;
  #backlog?: Backlog;
  #stream?: EventStream;
  #phase: "undecided" | "streaming" | "over" = "undecided";

  constructor(options: ExchangeRouteOptions) {
    const { peer, accepts, deadlines } = options;
    this.#options = options;
    peer.hold();
    if (!accepts.events) return;
    this.#toStream = deadlines.start(
      STREAM_AFTER_MS,
      () => this.#openStream(),
    );
  }

  /** The HTTP answer, as soon as it is clear which form it takes. Rejects with what `refuse()` was given. */
  get response(): Promise<Response> {
    return this.#response.promise;
  }

  /** Whether the client was told nothing yet, so that the status is still open. */
  get undecided(): boolean {
    return this.#phase === "undecided";
  }

  /** Resolves when the client has read all, or will not; only after `close()`. */
  get read(): Promise<void> {
    return this.#backlog?.read ?? Promise.resolve();
  }

  /** Tells something before the answer; resolves when there was room for it. */
  async relay(envelope: Envelope): Promise<void> {
    if (this.#phase === "over" || !this.#options.accepts.events) return;
    if (this.#backlog?.withheld) return;
    if (this.#phase === "undecided") this.#openStream();
    await this.#write(envelope);
  }

  /** Tells the answer, and ends. `telling` counts where nothing was told before. */
  async answer(envelope: Envelope, telling: Telling = AS_USUAL): Promise<void> {
    if (this.#phase === "streaming") {
      await this.#write(envelope);
      this.#stream?.end();
      this.#phase = "over";
    } else if (this.#phase === "undecided") {
      const { bytes } = envelope;
      this.#decide(jsonAnswer(bytes, () => this.#openBacklog(), telling));
      this.#options.peer.release();
    }
  }

  /** Refuses the request, where nothing was told yet. */
  refuse(reason: Error): void {
    if (!this.undecided) return;
    this.#endWait();
    this.#response.reject(reason);
    this.#options.peer.release();
  }

  /** The client went away before it was told anything. */
  leave(): void {
    if (!this.undecided) return;
    this.#decide(new Response(null, { status: 499 }));
    this.#options.peer.release();
  }

  /** The exchange is to end: a slow reader is not waited for much longer, and one that lost its right gets only the reason. */
  hurry(reason: GatewayError): void {
    if (tellsLostRight(reason)) this.#backlog?.withhold();
    this.#backlog?.hurry();
  }

  /** Ends whatever is open; the client may still read what is there. */
  close(): void {
    this.leave();
    this.#stream?.end();
    this.#phase = "over";
    this.#backlog?.close();
  }

  async #write({ bytes }: Envelope): Promise<void> {
    if (this.#backlog?.tight) await this.#backlog.room(() => this.#body);
    this.#stream?.write({ event: "message", data: bytes });
  }

  get #body() {
    return this.#stream?.body;
  }

  #openStream(): void {
    const { peer, onLeave } = this.#options;
    const stream = new EventStream("POST", peer, this.#openBacklog());
    stream.over.then((end) => {
      if (end !== "ended") onLeave(end);
    });
    this.#stream = stream;
    this.#decide(stream.response());
    this.#phase = "streaming";
  }

  #openBacklog(): Backlog {
    const { limits: { streamBytes }, memory } = this.#options;
    const log = this.#options.log();
    return this.#backlog = new Backlog({ log, streamBytes, memory });
  }

  #decide(response: Response): void {
    this.#endWait();
    this.#response.resolve(response);
  }

  #endWait(): void {
    this.#options.deadlines.end(this.#toStream);
    this.#phase = "over";
  }
}
