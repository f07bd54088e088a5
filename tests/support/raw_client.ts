// A client that sends texts as they are, and keeps what the gateway says as it came.

import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { EventReader } from "./event_reader.ts";
import { Seen } from "./seen.ts";

/** The transports on the client's side. */
export type ClientTransport = "sse" | "streamable-http";

/** What a raw client connects to, and as what. */
export interface RawOptions {
  /** Of the gateway, without a path. */
  readonly url: string;
  /** All of them as one when absent. */
  readonly server?: string;
  readonly token: string;
  readonly transport: ClientTransport;
  /** Asked for in `initialize`. */
  readonly revision?: string;
  /** Declared in `initialize`; none when absent. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
}

/** A message and where it came: `sse`, `GET` or `call <id>`. */
export interface Heard {
  readonly text: string;
  readonly message: Message;
  readonly stream: string;
}

const SHOWN_CHARACTERS = 300;

/** Connects and goes through the handshake; `id` 0 is used up by it. */
export async function connectRaw(options: RawOptions): Promise<RawClient> {
  const client = options.transport === "sse"
    ? await RawSseClient.open(options)
    : new RawStreamableClient(options);
  const protocolVersion = options.revision ?? "2025-11-25";
  const clientInfo = { name: "raw", version: "1.0.0" };
  const { capabilities = {} } = options;
  const params = { protocolVersion, capabilities, clientInfo };
  try {
    await client.ask(request(0, "initialize", params));
    await client.send(notification("notifications/initialized"));
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

/** The text of a request. */
export function request(
  id: RequestId,
  method: string,
  params?: Record<string, unknown>,
): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** The text of a notification. */
export function notification(
  method: string,
  params?: Record<string, unknown>,
): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** What both transports have. */
export abstract class RawClient implements AsyncDisposable {
  readonly heard = new Seen<Heard>(({ stream, text }) =>
    `${stream}: ${text.slice(0, SHOWN_CHARACTERS)}`
  );
  protected readonly leaving = new AbortController();
  readonly #work = new Set<Promise<void>>();
  readonly #streams = new Set<EventReader>();

  /** Sends a text; a request is not waited for. */
  abstract send(text: string): Promise<void>;

  /** Sends a request and waits for its answer. */
  async ask(text: string): Promise<Heard> {
    const { id } = JSON.parse(text) as Message;
    await this.send(text);
    return await this.answer(id as RequestId);
  }

  /** The answer to a request. */
  answer(id: RequestId): Promise<Heard> {
    return this.heard.until(
      `the answer to request ${JSON.stringify(id)}`,
      ({ message }) => message.id === id && message.method === undefined,
    );
  }

  /** The first request or notification with this method. */
  asked(method: string): Promise<Heard> {
    return this.heard.until(
      `a message with method ${method}`,
      ({ message }) => message.method === method,
    );
  }

  /** Leaves without a word, as a client that crashes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.leaving.abort();
    // Deno's own abort does not reach a body whose response was garbage-collected.
    for (const stream of this.#streams) await stream.leave().catch(() => {});
    await Promise.all(this.#work);
  }

  /** Does something beside; when it fails before the client leaves, whoever waits is told. */
  protected beside(work: Promise<void>): void {
    const done = work.catch((error) => {
      if (!this.leaving.signal.aborted) this.heard.fail(error as Error);
    }).finally(() => this.#work.delete(done));
    this.#work.add(done);
  }

  protected async readEvents(stream: string, events: EventReader) {
    this.#streams.add(events);
    for (let next = await events.next(); next; next = await events.next()) {
      if (next.data !== "") this.note(stream, next.data);
    }
    this.#streams.delete(events);
  }

  protected note(stream: string, text: string): void {
    this.heard.add({ stream, text, message: JSON.parse(text) as Message });
  }
}

class RawSseClient extends RawClient {
  readonly #headers: Record<string, string>;
  #endpoint?: URL;

  private constructor(token: string) {
    super();
    this.#headers = { authorization: `Bearer ${token}` };
  }

  static async open(options: RawOptions): Promise<RawSseClient> {
    const client = new RawSseClient(options.token);
    const url = new URL(addressOf(options, "sse"));
    const { signal } = client.leaving;
    const headers = { ...client.#headers, accept: "text/event-stream" };
    const response = await expectOk(await fetch(url, { headers, signal }));
    const events = new EventReader(response);
    client.#endpoint = new URL((await events.next())?.data ?? "", url);
    client.beside(client.readEvents("sse", events));
    return client;
  }

  async send(text: string): Promise<void> {
    const response = await fetch(this.#endpoint as URL, {
      method: "POST",
      headers: { ...this.#headers, "content-type": "application/json" },
      body: text,
      signal: this.leaving.signal,
    });
    await (await expectOk(response)).body?.cancel();
  }
}

/** With Streamable HTTP a test can also say when the GET stream is opened, and post by itself. */
export class RawStreamableClient extends RawClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(options: RawOptions) {
    super();
    this.#url = addressOf(options, "mcp");
    this.#headers = { authorization: `Bearer ${options.token}` };
  }

  async send(text: string): Promise<void> {
    const { id, method } = JSON.parse(text) as Message;
    const taken = this.#say(text, `call ${id}`);
    const isRequest = id !== undefined && method !== undefined;
    if (isRequest) this.beside(taken);
    else await taken;
  }

  /** Opens the GET stream; resolves when the gateway has answered. */
  async listen(): Promise<void> {
    const response = await this.#fetch({
      headers: { accept: "text/event-stream" },
    });
    await expectOk(response);
    const events = new EventReader(response);
    this.beside(this.readEvents("GET", events));
  }

  /** Posts a text and leaves the response to the caller. */
  post(text: string): Promise<Response> {
    return this.#fetch({
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: text,
    });
  }

  /** Ends the session in good order. */
  async end(): Promise<void> {
    const response = await this.#fetch({ method: "DELETE" });
    await (await expectOk(response)).body?.cancel();
  }

  async #say(text: string, stream: string): Promise<void> {
    const response = await expectOk(await this.post(text));
    const session = response.headers.get("mcp-session-id");
    if (session !== null) this.#headers["mcp-session-id"] = session;
    const type = response.headers.get("content-type");
    if (type === "text/event-stream") {
      return await this.readEvents(stream, new EventReader(response));
    }
    const body = await response.text();
    if (type === "application/json") this.note(stream, body);
  }

  #fetch(init: RequestInit): Promise<Response> {
    return fetch(this.#url, {
      ...init,
      headers: { ...this.#headers, ...init.headers as Record<string, string> },
      signal: this.leaving.signal,
    });
  }
}

function addressOf({ url, server }: RawOptions, leaf: "mcp" | "sse"): string {
  return server === undefined ? `${url}/${leaf}` : `${url}/${server}/${leaf}`;
}

async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`HTTP ${response.status}: ${await response.text()}`);
}
