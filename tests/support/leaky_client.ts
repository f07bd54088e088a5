// A client that sends every credential it could have by mistake, and keeps what it is answered.

import type { Message } from "../../lib/protocol/messages.ts";
import type { GatewayProcess } from "./gateway_process.ts";
import { rawRequest } from "./raw_request.ts";
import type { RawAnswer } from "./raw_request.ts";
import type { SecretWords } from "./secret_words.ts";
import { initialize } from "./streamable_session.ts";

/** A client of a gateway that runs as a process. */
export class LeakyClient {
  /** Everything the gateway answered. */
  readonly answers: string[] = [];
  /** Of the gateway, without a path. */
  readonly url: string;
  readonly #words: SecretWords;

  constructor(gateway: GatewayProcess, words: SecretWords) {
    this.url = gateway.url;
    this.#words = words;
  }

  /** Sends a request with the secrets of a client in its headers; those given come first. */
  async ask(
    target: string,
    body = "",
    headers: readonly string[] = [],
  ): Promise<RawAnswer> {
    const { host, port } = new URL(this.url);
    const words = this.#words;
    const given = headers.map((line) => line.split(":", 1)[0]?.toLowerCase());
    const usual = [
      `Host: ${host}`,
      `Authorization: Bearer ${words.of("token of alice")}`,
      "Accept: application/json, text/event-stream",
      "Content-Type: application/json",
      `Content-Length: ${new TextEncoder().encode(body).length}`,
      `Cookie: session=${words.of("cookie of the client")}`,
      `Proxy-Authorization: Basic ${words.of("proxy credentials")}`,
      `X-Api-Key: ${words.of("key of the client")}`,
    ].filter((line) => !given.includes(line.split(":", 1)[0]?.toLowerCase()));
    const lines = [`${target} HTTP/1.1`, ...headers, ...usual];
    const answer = await rawRequest({ port: Number(port), lines, body });
    const shown = [...answer.headers].map(([name, value]) =>
      name === "mcp-session-id" ? name : `${name}: ${value}`
    );
    this.answers.push([...shown, answer.body].join("\n"));
    return answer;
  }

  /** Begins a session; resolves with the header that carries its id, if there is one. */
  async begin(server: string): Promise<string[]> {
    const text = JSON.stringify(initialize());
    const { headers } = await this.ask(`POST /${server}/mcp`, text);
    const id = headers.get("mcp-session-id");
    if (id === null) return [];
    this.#words.add("session id of the client", id);
    return [`Mcp-Session-Id: ${id}`];
  }

  /** Asks for a method, with a secret in the params. */
  async call(
    server: string,
    session: readonly string[],
    message: Message | string,
  ): Promise<RawAnswer> {
    const text = typeof message === "string" ? message : JSON.stringify({
      ...message,
      params: { said: this.#words.of("message body of the client") },
    });
    return await this.ask(`POST /${server}/mcp`, text, session);
  }
}
