// One request to a Streamable HTTP backend: its POST, and the stream of its answer, continued when it breaks.

import { setTimeout as delay } from "node:timers/promises";
import type { Envelope } from "../../channel/envelope.ts";
import { SessionLost } from "../../channel/session_lost.ts";
import { GatewayError } from "../../errors.ts";
import { MEDIA } from "../../protocol/headers.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { readMessages } from "../read_messages.ts";
import { readSseEvents } from "../sse_events.ts";
import { EventCursor } from "./event_cursor.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { badAnswer, badMedia, brokenOff, tooLarge } from "./http_failures.ts";
import { answerInRefusal } from "./http_refusal.ts";
import type { HttpSession } from "./http_session.ts";
import type { Share } from "./intake.ts";
import type { OpenRequest } from "./open_requests.ts";

/** How often in a row a stream that broke before its answer is asked for again in vain. */
const MAX_RESUME_FAILURES = 5;

/** What a call needs of its channel. */
export interface CallHooks {
  /** Hands a message over; resolves when there was room for it. */
  deliver(envelope: Envelope): Promise<void>;
  /** Called when the backend has taken the request. */
  accepted(): void;
}

/** Carries one request; its answer goes through `deliver`. */
export class StreamableCall {
  readonly #session: HttpSession;
  readonly #request: Envelope;
  readonly #hooks: CallHooks;
  readonly #open: OpenRequest;
  readonly #share: Share;
  #sentRubbish = false;
  /** Why the last stream broke; nothing where it ended. */
  #broken?: GatewayError;

  constructor(
    session: HttpSession,
    request: Envelope,
    hooks: CallHooks,
    open: OpenRequest,
  ) {
    this.#session = session;
    this.#request = request;
    this.#hooks = hooks;
    this.#open = open;
    this.#share = session.intake.begin(open.signal);
  }

  /** Resolves when the answer was delivered. Throws why there is none, as a `GatewayError` unless the signal fired. */
  async run(): Promise<void> {
    const answer = await this.#session.post(this.#request, this.#open.signal);
    this.#hooks.accepted();
    try {
      await this.#take(answer);
    } finally {
      this.#share.end();
    }
  }

  async #take(answer: HttpAnswer): Promise<void> {
    if (!answer.ok) return await this.#pass(await this.#answerIn(answer));
    if (answer.isStream) return await this.#follow(answer);
    if (answer.media !== MEDIA.json) {
      await answer.discard();
      throw badMedia(this.#session.name, answer.media);
    }
    await this.#deliver(await this.#readJson(answer));
    if (this.#open.waits) throw this.#unanswered();
  }

  async #answerIn(refusal: HttpAnswer): Promise<Envelope> {
    const { name, maxBytes } = this.#session;
    try {
      return await answerInRefusal(name, this.#request, refusal, maxBytes);
    } catch (error) {
      if (error instanceof SessionLost) this.#session.lost();
      throw error;
    }
  }

  /** Reads the stream of the answer to its end, and continues it where it broke. */
  async #follow(answer: HttpAnswer): Promise<void> {
    const cursor = new EventCursor();
    let stream: HttpAnswer | undefined = answer;
    while (stream) {
      await this.#readStream(stream, cursor);
      if (!this.#open.waits) return;
      stream = await this.#resume(cursor);
    }
    throw this.#unanswered();
  }

  async #readStream(stream: HttpAnswer, cursor: EventCursor): Promise<void> {
    const chunks = this.#share.through(stream.chunks());
    const events = readSseEvents(chunks, this.#session.maxBytes);
    this.#broken = undefined;
    try {
      for await (const some of events) {
        for (const event of some) {
          cursor.see(event);
          // Data may be empty: such events only tell an id to continue from.
          if (event.data.length > 0 && event.event === "message") {
            await this.#deliver(event.data);
            this.#share.handedOn();
          }
        }
      }
    } catch (error) {
      if (this.#open.signal.aborted) throw error;
      if (error instanceof GatewayError) throw this.#unreadable(error);
      // Like an end that comes too early: the cursor knows what can be done.
      this.#broken = brokenOff(this.#session.name, error);
    }
  }

  /** The continued stream, or nothing when the server offers none. */
  async #resume(cursor: EventCursor): Promise<HttpAnswer | undefined> {
    for (let failures = 0; failures < MAX_RESUME_FAILURES; failures++) {
      if (cursor.lastId === undefined) return undefined;
      await delay(cursor.delayMs(failures), undefined, {
        signal: this.#open.signal,
      });
      const stream = await this.#tryResume(cursor.lastId);
      if (stream?.isStream) return stream;
      if (!stream) continue;
      await this.#session.refuseIfOver(stream);
      await stream.discard();
      if (stream.status < 500) return undefined;
    }
  }

  async #tryResume(lastId: string): Promise<HttpAnswer | undefined> {
    try {
      return await this.#session.listen(lastId, this.#open.signal);
    } catch (error) {
      const unavailable = error instanceof GatewayError &&
        error.fault === "backend_unavailable";
      if (!unavailable) throw error;
    }
  }

  async #deliver(json: Uint8Array): Promise<void> {
    for (const envelope of this.#tryRead(json)) await this.#pass(envelope);
  }

  async #pass(envelope: Envelope): Promise<void> {
    const { kind, id } = envelope.head;
    // A second answer is not that to another request which has the same id by now.
    const isLate = kind === "response" && id === this.#id && !this.#open.waits;
    if (!isLate) await this.#hooks.deliver(envelope);
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
      return await answer.read(this.#session.maxBytes, this.#share);
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
      this.#session.name,
      this.#sentRubbish
        ? "sent what is no JSON-RPC message in place of the answer"
        : "ended its HTTP answer without answering the request",
    );
  }

  #unreadable(error: unknown): GatewayError {
    const { name, maxBytes } = this.#session;
    return error instanceof GatewayError
      ? tooLarge(name, maxBytes)
      : brokenOff(name, error);
  }
}
