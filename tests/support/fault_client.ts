// A client over bare sockets, of either transport, that tells a test all it is told, and can leave or stop reading.

import type { Socket } from "node:net";
import type { Message } from "../../lib/protocol/messages.ts";
import type { EventReader } from "./event_reader.ts";
import { answerOn, sendOn } from "./fault_socket.ts";
import type { SocketRequest } from "./fault_socket.ts";
import { Seen } from "./seen.ts";
import { DEFAULT_REVISION } from "./streamable_session.ts";

/** What became of a request. */
export interface Told {
  /** Of the HTTP answer to it; 0 where the stream for its answer ended first. */
  readonly status: number;
  readonly message?: Message;
}

/** Whose client it is, and of what. */
export interface FaultClientOptions {
  /** Of the gateway, without a path. */
  readonly url: string;
  readonly server: string;
  readonly token: string;
  /** What it takes as answers to its POSTs over Streamable HTTP; JSON and event streams when absent. */
  readonly accept?: string;
  /** What it calls itself in `initialize`; `CLIENT_NAME` when absent. */
  readonly name?: string;
  /** The id of its first request; 0 when absent. */
  readonly firstId?: number;
}

/** An HTTP request without its credentials, and where it goes. */
export interface Posting {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a client leaves a connection: at once, or by closing its own direction of it. */
export type Leaving = "destroy" | "half-close";

/** How a stream ended: in good order, or cut off. */
export type StreamEnd = "ended" | "broken";

/** What the client calls itself. */
export const CLIENT_NAME = "fault-client";

const SHOWN_CHARACTERS = 300;

/** What both transports have; disposing of it is leaving without a word. */
export abstract class FaultClient implements AsyncDisposable {
  /** What is no answer. */
  readonly heard = new Seen<Message>((message) =>
    JSON.stringify(message).slice(0, SHOWN_CHARACTERS)
  );
  /** What it hears where a server speaks to nobody's call. */
  readonly aside: string = "notifications/message";
  protected readonly options: FaultClientOptions;
  readonly #sockets = new Set<Socket>();
  readonly #streamEnd = Promise.withResolvers<StreamEnd>();
  #ids: number;
  #pause?: PromiseWithResolvers<void>;

  constructor(options: FaultClientOptions) {
    this.options = options;
    this.#ids = options.firstId ?? 0;
  }

  /** The id of its session, where its transport has told it one. */
  get session(): string | undefined {
    return undefined;
  }

  /** The id of its next request. */
  get nextId(): number {
    return this.#ids;
  }

  /** Whether its calls have no streams. */
  get takesJsonOnly(): boolean {
    return this.options.accept === "application/json";
  }

  /** How the stream ended on which it hears what belongs to no call, once it did. */
  get streamEnd(): Promise<StreamEnd> {
    return this.#streamEnd.promise;
  }

  /** Goes through the handshake; with an error in answer to `initialize` no further. */
  async initialize(): Promise<Told> {
    const told = await this.ask("initialize", {
      protocolVersion: DEFAULT_REVISION,
      capabilities: {},
      clientInfo: { name: this.options.name ?? CLIENT_NAME, version: "1" },
    });
    if (told.message && "result" in told.message) {
      await this.notify("notifications/initialized");
    }
    return told;
  }

  /** Calls a tool; its progress is heard. */
  call(name: string, given: Record<string, unknown> = {}): Promise<Told> {
    const nonce = this.#ids;
    const _meta = { progressToken: `progress-${nonce}` };
    const params = { name, arguments: { nonce, ...given }, _meta };
    return this.ask("tools/call", params);
  }

  /** Sends a request; resolves with what became of it. */
  ask(method: string, params: Record<string, unknown>): Promise<Told> {
    return this.request({ jsonrpc: "2.0", id: this.#ids++, method, params });
  }

  /** Sends a notification; resolves with the HTTP status. */
  async notify(
    method: string,
    params: Record<string, unknown> = {},
  ): Promise<number> {
    const message = { jsonrpc: "2.0" as const, method, params };
    const response = await this.post(message);
    await response.text();
    return response.status;
  }

  /** The first request or notification with this method. */
  hears(method: string): Promise<Message> {
    return this.heard.until(
      `a notification ${method}`,
      (message) => message.method === method,
    );
  }

  /** Posts a text where its messages go. */
  async say(
    text: string,
    given: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const { url, headers } = await this.posting();
    return await this.fetch("POST", url, { ...headers, ...given }, text);
  }

  /** Posts the first half of a body; resolves with its connection. */
  async sayHalf(text: string): Promise<Socket> {
    const { url, headers } = await this.posting();
    const length = String(2 * text.length);
    const announced = { ...headers, "content-length": length };
    return await this.send("POST", url, announced, text);
  }

  /** Until it leaves, nothing more is read from any stream. */
  stopReading(): void {
    this.#pause = Promise.withResolvers();
  }

  /** Sends the first request of a session, or half of it, and leaves. */
  async knock(how: Leaving = "destroy"): Promise<void> {
    const socket = await this.knocking();
    leave(socket, how);
  }

  /** Breaks all its connections off; what it knows of its session it keeps. */
  async leave(how: Leaving = "destroy"): Promise<void> {
    const gone = [...this.#sockets].map((socket) =>
      new Promise((resolve) => socket.once("close", resolve))
    );
    for (const socket of this.#sockets) leave(socket, how);
    await Promise.all(gone);
    this.#pause?.resolve();
  }

  /** Opens and drops streams, of sessions of their own or of the one it has. */
  abstract storm(times: number): Promise<void>;

  /** Ends the session in its transport's way. */
  abstract end(): Promise<void>;

  /** The HTTP statuses of whatever its transport can ask of a session. */
  abstract statuses(): Promise<number[]>;

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  /** Where it posts messages, and with what. */
  protected abstract posting(): Promise<Posting>;

  protected abstract knocking(): Promise<Socket>;

  protected post(message: Message): Promise<Response> {
    return this.say(JSON.stringify(message));
  }

  protected abstract request(message: Message): Promise<Told>;

  /** The answer to one HTTP request. */
  protected async fetch(
    method: SocketRequest["method"],
    url: URL,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Response> {
    const socket = await this.send(method, url, headers, body);
    return await answerOn(socket);
  }

  protected async send(
    method: SocketRequest["method"],
    url: URL,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Socket> {
    const authorization = `Bearer ${this.options.token}`;
    const all = { authorization, ...headers };
    const socket = await sendOn({ method, url, headers: all, body });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** Reads the messages of a stream to its end. */
  protected async *messages(events: EventReader): AsyncGenerator<Message> {
    for (;;) {
      await this.#pause?.promise;
      const next = await events.next();
      if (!next) return;
      if (next.data !== "") yield JSON.parse(next.data) as Message;
    }
  }

  /** Reads the stream for what belongs to no call. */
  protected async listenTo(
    events: EventReader,
    hear: (message: Message) => void,
  ): Promise<void> {
    try {
      for await (const message of this.messages(events)) hear(message);
      this.#streamEnd.resolve("ended");
    } catch {
      this.#streamEnd.resolve("broken");
    }
  }
}

function leave(socket: Socket, how: Leaving): void {
  if (how === "half-close") socket.end();
  else socket.destroy();
}
