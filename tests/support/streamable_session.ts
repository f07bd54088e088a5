// A Streamable HTTP session driven request by request, for tests that look at what is on the wire.

import assert from "node:assert/strict";
import type { Message } from "../../lib/protocol/messages.ts";
import { EventReader } from "./event_reader.ts";

/** Headers by name; an empty value leaves a default header out. */
export type HeaderFields = Readonly<Record<string, string>>;

/** Who begins a session, and how. */
export interface SessionOptions {
  /** The url of the endpoint, such as `http://127.0.0.1:1234/files/mcp`. */
  readonly url: string;
  readonly token: string;
  readonly revision?: string;
}

/** The revision sessions begin with unless a test says otherwise. */
export const DEFAULT_REVISION = "2025-11-25";

/** The default headers of a POST. */
export function postHeaders(token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
}

/** An `initialize` request. */
export function initialize(revision = DEFAULT_REVISION): Message {
  const params = {
    protocolVersion: revision,
    capabilities: { sampling: {}, elicitation: {}, roots: {} },
    clientInfo: { name: "raw", version: "1" },
  };
  return { jsonrpc: "2.0", id: "init", method: "initialize", params };
}

/** A request. */
export function request(
  id: string | number,
  method: string,
  params: Record<string, unknown> = {},
): Message {
  return { jsonrpc: "2.0", id, method, params };
}

/** A notification. */
export function notification(
  method: string,
  params: Record<string, unknown> = {},
): Message {
  return { jsonrpc: "2.0", method, params };
}

/** A session that has been initialized. */
export class StreamableSession {
  readonly url: string;
  readonly token: string;
  readonly id: string;

  constructor(url: string, token: string, id: string) {
    this.url = url;
    this.token = token;
    this.id = id;
  }

  /** Begins a session: `initialize` and `notifications/initialized`. */
  static async begin(options: SessionOptions): Promise<StreamableSession> {
    const { url, token, revision = DEFAULT_REVISION } = options;
    const response = await post(url, token, initialize(revision));
    const answer = await answerOf(response);
    assert.equal(response.status, 200, JSON.stringify(answer));
    const id = response.headers.get("mcp-session-id");
    assert.ok(id, "the answer to initialize has no Mcp-Session-Id");
    const session = new StreamableSession(url, token, id);
    const accepted = await session.post(
      notification("notifications/initialized"),
    );
    assert.equal(accepted.status, 202, await accepted.text());
    return session;
  }

  /** POSTs a message, a batch, or any text as it stands. */
  post(
    body: Message | readonly Message[] | string,
    headers: HeaderFields = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    return post(this.url, this.token, body, {
      "mcp-session-id": this.id,
      ...headers,
    }, signal);
  }

  /** The answer to a call of `method`, however it comes. */
  async call(
    id: string | number,
    method: string,
    params: Record<string, unknown> = {},
  ): Promise<Message> {
    return await answerOf(await this.post(request(id, method, params)));
  }

  /** Opens a GET stream. */
  listen(headers: HeaderFields = {}, signal?: AbortSignal): Promise<Response> {
    const all = {
      authorization: `Bearer ${this.token}`,
      accept: "text/event-stream",
      "mcp-session-id": this.id,
      ...headers,
    };
    return fetch(this.url, { headers: present(all), signal });
  }

  /** Ends the session; resolves with the status. */
  async end(headers: HeaderFields = {}): Promise<number> {
    const all = {
      authorization: `Bearer ${this.token}`,
      "mcp-session-id": this.id,
      ...headers,
    };
    const response = await fetch(this.url, {
      method: "DELETE",
      headers: present(all),
    });
    await response.body?.cancel();
    return response.status;
  }
}

/** POSTs outside of any session. */
export function post(
  url: string,
  token: string,
  body: Message | readonly Message[] | string,
  headers: HeaderFields = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: present({ ...postHeaders(token), ...headers }),
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal,
  });
}

/** The answer in a response: its JSON object, or the first answer on its stream, which is read to the end. */
export async function answerOf(response: Response): Promise<Message> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream")) return await response.json();
  const messages = await new EventReader(response).rest();
  const answer = messages.find(({ method }) => method === undefined);
  assert.ok(answer, "the stream ended without an answer");
  return answer;
}

function present(headers: HeaderFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([, value]) => value !== ""),
  );
}
