// An HTTP+SSE session driven request by request, for tests that look at what is on the wire.

import assert from "node:assert/strict";
import type { Message } from "../../lib/protocol/messages.ts";
import { EventReader } from "./event_reader.ts";
import type { ReceivedEvent } from "./event_reader.ts";
import { initialize, notification, request } from "./streamable_session.ts";

/** Who opens the stream, and where. */
export interface SseSessionOptions {
  /** The url of the stream, such as `http://127.0.0.1:1234/files/sse`. */
  readonly url: string;
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An open stream, with the url for messages that its first event gave. */
export class SseSession implements AsyncDisposable {
  readonly response: Response;
  readonly events: EventReader;
  /** The first event, as it came. */
  readonly first: ReceivedEvent;
  readonly #options: SseSessionOptions;
  readonly #leaving: AbortController;

  private constructor(
    response: Response,
    events: EventReader,
    first: ReceivedEvent,
    options: SseSessionOptions,
    leaving: AbortController,
  ) {
    this.response = response;
    this.events = events;
    this.first = first;
    this.#options = options;
    this.#leaving = leaving;
  }

  /** Opens the stream and reads its first event. */
  static async open(options: SseSessionOptions): Promise<SseSession> {
    const { url, token, headers } = options;
    const leaving = new AbortController();
    const response = await fetch(url, {
      headers: {
        authorization: `Bearer ${token}`,
        accept: "text/event-stream",
        ...headers,
      },
      signal: leaving.signal,
    });
    const events = new EventReader(response);
    const first = await events.next();
    assert.ok(first, `HTTP ${response.status}: the stream has no event`);
    return new SseSession(response, events, first, options, leaving);
  }

  /** Where messages are posted. */
  get endpoint(): URL {
    return new URL(this.first.data, this.#options.url);
  }

  /** Posts a message, a batch, or any text as it stands. */
  post(
    body: Message | readonly Message[] | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(this.endpoint, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#options.token}`,
        "content-type": "application/json",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** Sends a message that must be accepted. */
  async say(message: Message): Promise<void> {
    const response = await this.post(message);
    assert.equal(response.status, 202, await response.text());
  }

  /** Goes through the handshake; resolves with the answer to `initialize`. */
  async initialize(revision?: string): Promise<Message> {
    await this.say(initialize(revision));
    const answer = await this.events.message();
    await this.say(notification("notifications/initialized"));
    return answer;
  }

  /** The next message after sending a request, which should be its answer. */
  async call(
    id: string | number,
    method: string,
    params?: Record<string, unknown>,
  ): Promise<Message> {
    await this.say(request(id, method, params));
    return await this.events.message();
  }

  /** Leaves without a word, which is how such a session ends. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    return Promise.resolve();
  }
}
