// One request to a backend over HTTP: its POST, and the answer to it, as JSON or on a stream that may go on where it broke.

import type { Envelope } from "../../channel/envelope.ts";
import { oneByOne } from "../../channel/one_by_one.ts";
import { GatewayError } from "../../errors.ts";
import { MEDIA } from "../../protocol/headers.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { readMessages } from "../read_messages.ts";
import { readSseEvents } from "../sse_events.ts";
import type { SseEvent } from "../sse_events.ts";
import { EventCursor } from "./event_cursor.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { badAnswer, badMedia, brokenOff, tooLarge } from "./http_failures.ts";
import type { Intake, Share } from "./intake.ts";
import type { OpenRequest } from "./open_requests.ts";

/** How the requests of one channel reach their backend. */
export interface HttpRoute {
  /** The backend's name. */
  readonly name: string;
  /** The largest message that is read, in bytes. */
  readonly maxBytes: number;
  /** What the answers are read by. */
  readonly intake: Intake;
  /** Posts one message; any status may come. */
  post(envelope: Envelope, signal: AbortSignal): Promise<HttpAnswer>;
  /** The answer to `request` in the body of an HTTP error; throws what the status means where there is none. */
  answerIn(request: Envelope, refusal: HttpAnswer): Promise<Envelope>;
  /** The stream that goes on where the last one broke; nothing where there is none to be had. */
  resume(
    cursor: EventCursor,
    signal: AbortSignal,
  ): Promise<HttpAnswer | undefined>;
}

/** What a call needs of its channel. */
export interface CallHooks {
  /** Hands a message over; a promise where that has to be waited for. */
  deliver(envelope: Envelope): Promise<unknown> | undefined;
  /** Called when the backend has taken the request. */
  accepted(): void;
}

/** Carries one request; its answer goes through `deliver`. */
export class HttpCall {
  readonly #route: HttpRoute;
  readonly #request: Envelope;
  readonly #hooks: CallHooks;
  readonly #open: OpenRequest;
  readonly #share: Share;
  #sentRubbish = false;
  /** Why the last stream broke; nothing where it ended. */
  #broken?: GatewayError;

  constructor(
    route: HttpRoute,
    request: Envelope,
    hooks: CallHooks,
    open: OpenRequest,
  ) {
    this.#route = route;
    this.#request = request;
    this.#hooks = hooks;
    this.#open = open;
    this.#share = route.intake.begin(open.signal);
  }

  /** Resolves when the answer was delivered. Throws why there is none, as a `GatewayError` unless the signal fired. */
  async run(): Promise<void> {
    const answer = await this.#route.post(this.#request, this.#open.signal);
    this.#hooks.accepted();
    try {
      await this.#take(answer);
    } finally {
      this.#share.end();
    }
  }

  async #take(answer: HttpAnswer): Promise<void> {
    if (!answer.ok) {
      const refusal = await this.#route.answerIn(this.#request, answer);
      return void await this.#pass(refusal);
    }
    if (answer.isStream) return await this.#follow(answer);
    if (answer.media !== MEDIA.json) {
      await answer.discard();
      throw badMedia(this.#route.name, answer.media);
    }
    await this.#deliver(await this.#readJson(answer));
    if (this.#open.waits) throw this.#unanswered();
  }

  /** Reads the stream of the answer to its end, and continues it where it broke. */
  async #follow(answer: HttpAnswer): Promise<void> {
    const cursor = new EventCursor();
    let stream: HttpAnswer | undefined = answer;
    while (stream) {
      await this.#readStream(stream, cursor);
      if (!this.#open.waits) return;
      stream = await this.#route.resume(cursor, this.#open.signal);
    }
    throw this.#unanswered();
  }

  async #readStream(stream: HttpAnswer, cursor: EventCursor): Promise<void> {
    const chunks = this.#share.through(stream.chunks());
    const events = readSseEvents(chunks, this.#route.maxBytes);
    this.#broken = undefined;
    try {
      const take = (event: SseEvent) => this.#takeEvent(event, cursor);
      for await (const some of events) await oneByOne(some, take);
    } catch (error) {
      if (this.#open.signal.aborted) throw error;
      if (error instanceof GatewayError) throw this.#unreadable(error);
      // Like an end that comes too early: the cursor knows what can be done.
      this.#broken = brokenOff(this.#route.name, error);
    }
  }

  #takeEvent(
    event: SseEvent,
    cursor: EventCursor,
  ): Promise<unknown> | undefined {
    cursor.see(event);
    // Data may be empty: such events only tell an id to continue from.
    if (event.data.length === 0 || event.event !== "message") return undefined;
    const delivering = this.#deliver(event.data);
    if (delivering) return delivering.then(() => this.#share.handedOn());
    this.#share.handedOn();
  }

  #deliver(json: Uint8Array): Promise<unknown> | undefined {
    return oneByOne(this.#tryRead(json), (envelope) => this.#pass(envelope));
  }

  #pass(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, id } = envelope.head;
    // A second answer is not that to another request which has the same id by now.
    const isLate = kind === "response" && id === this.#id && !this.#open.waits;
    return isLate ? undefined : this.#hooks.deliver(envelope);
  }

  /** What cannot be read is no answer: the request fails for want of one. */
  #tryRead(json: Uint8Array): Envelope[] {
    try {
      return readMessages(json, this.#id);
    } catch {
      this.#sentRubbish = true;
      return [];
    }
  }

  async #readJson(answer: HttpAnswer): Promise<Uint8Array> {
    try {
      return await answer.read(this.#route.maxBytes, this.#share);
    } catch (error) {
      if (this.#open.signal.aborted) throw error;
      throw this.#unreadable(error);
    }
  }

  get #id(): RequestId {
    return this.#request.head.id as RequestId;
  }

  #unanswered(): GatewayError {
    return this.#broken ?? badAnswer(
      this.#route.name,
      this.#sentRubbish
        ? "sent what is no JSON-RPC message in place of the answer"
        : "ended its HTTP answer without answering the request",
    );
  }

  #unreadable(error: unknown): GatewayError {
    const { name, maxBytes } = this.#route;
    return error instanceof GatewayError
      ? tooLarge(name, maxBytes)
      : brokenOff(name, error);
  }
}
