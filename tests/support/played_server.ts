// A legacy server without a transport, whose every session a test plays.

import type {
  Backend,
  BackendChannel,
  OpenContext,
} from "../../lib/backend.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import type { Relation } from "../../lib/channel/envelope.ts";
import { Queue } from "../../lib/channel/queue.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { HELLO } from "./puppets.ts";
import { Seen } from "./seen.ts";

/** A message without what all have. */
export type Said = Omit<Message, "jsonrpc">;

const MANY = 100_000;

/** One session, as its server sees it. */
export class PlayedSession implements BackendChannel {
  readonly heard = new Seen<Message>((message) => JSON.stringify(message));
  readonly context: OpenContext;
  /** Resolves with the reason when the gateway has closed it. */
  readonly closed: Promise<Error | undefined>;
  readonly #said = new Queue<Envelope>(MANY);
  readonly #byMethod = new Map<string, Message[]>();
  readonly #closed = Promise.withResolvers<Error | undefined>();
  #isClosed = false;
  #relates = false;

  constructor(context: OpenContext) {
    this.context = context;
    this.closed = this.#closed.promise;
  }

  /** The messages of this method so far. */
  all(method: string): readonly Message[] {
    return this.#byMethod.get(method) ?? [];
  }

  /** The request or notification of this number with this method, counted from 1, once it comes. */
  told(method: string, number = 1): Promise<Message> {
    return this.heard.until(
      `message ${number} ${method}`,
      (one) => one.method === method && this.all(method)[number - 1] === one,
    );
  }

  /** The answer to its own request, once it comes. */
  answered(id: RequestId): Promise<Message> {
    return this.heard.until(
      `an answer to ${id}`,
      (one) => one.method === undefined && one.id === id,
    );
  }

  /** Says something, as it stands where it is text; `relatesTo` is what its transport knows of it. */
  say(message: Said | string, relatesTo?: Relation): void {
    const text = typeof message === "string"
      ? message
      : JSON.stringify({ jsonrpc: "2.0", ...message });
    const bytes = new TextEncoder().encode(text);
    this.#said.push(Envelope.skim(bytes, relatesTo));
  }

  /** Says that the gateway could not go on with a request. */
  fail(id: RequestId, reason: GatewayError): void {
    this.#said.push(Envelope.failure(id, reason));
  }

  /** Answers the request of this number with this method, once it comes; resolves to it. */
  async answer(
    method: string,
    result: unknown = {},
    number = 1,
  ): Promise<Message> {
    const request = await this.told(method, number);
    this.say(
      { id: request.id, result },
      this.#relates ? request.id : undefined,
    );
    return request;
  }

  /** Shakes hands; `by_stream` where its transport says of messages which request they belong to. */
  async hello(
    over: Partial<Record<keyof typeof HELLO, unknown>> = {},
    tells: "by_stream" | "nothing" = "nothing",
  ): Promise<void> {
    this.#relates = tells === "by_stream";
    await this.answer("initialize", { ...HELLO, ...over });
    await this.told("notifications/initialized");
  }

  /** Ends it, in good order or not. */
  leave(reason?: Error): void {
    this.#said.end(reason);
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#isClosed) {
      return Promise.reject(new GatewayError("backend_unavailable", "closed"));
    }
    const message = envelope.message();
    const { method = "" } = message;
    this.#byMethod.set(method, [...this.all(method), message]);
    this.heard.add(message);
    return Promise.resolve();
  }

  close(reason?: Error): Promise<void> {
    this.#isClosed = true;
    this.#said.drop();
    this.#closed.resolve(reason);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#said[Symbol.asyncIterator]();
  }
}

/** The server. */
export class PlayedServer implements Backend {
  readonly name: string;
  readonly #sessions = new Seen<PlayedSession>(() => "a session");
  /** What is thrown instead of opening one more. */
  refusal?: GatewayError;

  constructor(name = "played") {
    this.name = name;
  }

  /** Those that were opened. */
  get sessions(): readonly PlayedSession[] {
    return this.#sessions.all;
  }

  /** How many sessions were opened. */
  get count(): number {
    return this.#sessions.all.length;
  }

  open(context: OpenContext): Promise<PlayedSession> {
    if (this.refusal) return Promise.reject(this.refusal);
    const session = new PlayedSession(context);
    this.#sessions.add(session);
    return Promise.resolve(session);
  }

  /** The session of this number, counted from 1, once it is opened. */
  session(number: number): Promise<PlayedSession> {
    return this.#sessions.until(
      `session ${number}`,
      (one) => this.#sessions.all.indexOf(one) === number - 1,
    );
  }
}
