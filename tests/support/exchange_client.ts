// A client of the modern era that posts requests one by one, and sees what is on the wire.

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { META } from "../../lib/protocol/meta.ts";
import { LATEST_MODERN_REVISION } from "../../lib/protocol/versions.ts";
import { EventReader } from "./event_reader.ts";
import { sendRaw } from "./raw_request.ts";
import { post, postHeaders } from "./streamable_session.ts";
import type { HeaderFields } from "./streamable_session.ts";

type Params = Readonly<Record<string, unknown>>;

/** What a request says of itself, when it matters. */
export interface Saying {
  readonly id?: RequestId;
  readonly capabilities?: Params;
  /** Further members of `_meta`. */
  readonly meta?: Params;
}

/** A request that describes itself. */
export function modernRequest(
  method: string,
  params: Params = {},
  { id = 1, capabilities = {}, meta = {} }: Saying = {},
): Message {
  const _meta = {
    [META.protocolVersion]: LATEST_MODERN_REVISION,
    [META.clientInfo]: { name: "raw", version: "1" },
    [META.clientCapabilities]: capabilities,
    ...meta,
  };
  return { jsonrpc: "2.0", id, method, params: { ...params, _meta } };
}

/** The headers that repeat what a request says. */
export function modernHeaders({ method = "", params = {} }: Message) {
  const name = method === "resources/read" ? params.uri : params.name;
  const isNaming = /^(tools\/call|prompts\/get|resources\/read)$/.test(method);
  return {
    "mcp-protocol-version": LATEST_MODERN_REVISION,
    "mcp-method": method,
    ...(isNaming && typeof name === "string" && { "mcp-name": encoded(name) }),
  };
}

/** A value for a header, as clients write it. */
export function encoded(value: string): string {
  const isPlain = /^[\x21-\x7e]+( +[\x21-\x7e]+)*$/.test(value);
  const looksEncoded = value.startsWith("=?base64?") && value.endsWith("?=");
  return isPlain && !looksEncoded
    ? value
    : `=?base64?${Buffer.from(value).toString("base64")}?=`;
}

/** All that came of one exchange. */
export interface Outcome {
  readonly response: Response;
  /** What was said before the answer. */
  readonly notifications: readonly Message[];
  readonly answer: Message;
}

/** One client of one server. */
export class ExchangeClient {
  readonly #url: string;
  readonly #token: string;
  readonly #saying: Saying;

  /**
   * @param url of the endpoint, such as `http://127.0.0.1:1234/files/mcp`
   * @param saying what all its requests say
   */
  constructor(url: string, token: string, saying: Saying = {}) {
    this.#url = url;
    this.#token = token;
    this.#saying = saying;
  }

  /** A request as this client says it. */
  request(method: string, params?: Params, saying?: Saying): Message {
    return modernRequest(method, params, { ...this.#saying, ...saying });
  }

  /** Posts a message as it is, with the headers that go with it. */
  post(
    message: Message,
    headers: HeaderFields = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    const all = { ...modernHeaders(message), ...headers };
    return post(this.#url, this.#token, message, all, signal);
  }

  /** Posts a message over a bare socket, which the caller destroys. */
  sendRaw(message: Message): Promise<Socket> {
    const { port, host, pathname } = new URL(this.#url);
    const body = JSON.stringify(message);
    const fields = {
      ...postHeaders(this.#token),
      ...modernHeaders(message),
      host,
      "content-length": String(Buffer.byteLength(body)),
    };
    const lines = Object.entries(fields).map(([name, value]) =>
      `${name}: ${value}`
    );
    return sendRaw({
      port: Number(port),
      lines: [`POST ${pathname} HTTP/1.1`, ...lines],
      body,
    });
  }

  /** Asks, and reads everything that comes of it. */
  async ask(
    method: string,
    params?: Params,
    saying?: Saying,
  ): Promise<Outcome> {
    const asked = this.request(method, params, saying);
    return await outcomeOf(await this.post(asked));
  }
}

/** Reads an answer, and what was said before it. */
export async function outcomeOf(response: Response): Promise<Outcome> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream")) {
    return { response, notifications: [], answer: await response.json() };
  }
  const messages = await new EventReader(response).rest();
  const answer = messages.at(-1);
  if (answer === undefined || answer.method !== undefined) {
    throw new Error(`no answer at the end of ${JSON.stringify(messages)}`);
  }
  return { response, notifications: messages.slice(0, -1), answer };
}
