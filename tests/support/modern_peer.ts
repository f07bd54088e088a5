// The server side of a Streamable HTTP conversation of the modern era, played by a test.

import type { IncomingMessage, ServerResponse } from "node:http";
import { Queue } from "../../lib/channel/queue.ts";
import { modernHttpBackend } from "../../lib/transports/backend/modern_http.ts";
import type {
  ContractPeer,
  ContractSubject,
} from "../contract/channel_contract.ts";
import { beginEvents, bodyOf, serveHttp, writeEvent } from "./http_server.ts";
import type { TestServer } from "./http_server.ts";
import { logInto } from "./log_lines.ts";
import { modernRequest } from "./modern_messages.ts";
import { openContext } from "./open_context.ts";

const LISTEN_ID = "the request whose stream is open";

/** Opens a channel to a server that does what the test says, with one open request whose stream takes all that answers none. */
export async function openModernHttp(): Promise<ContractSubject> {
  const peer = await ModernPeer.start();
  const options = {
    url: peer.url,
    transport: "streamable-http",
    headers: new Map(),
  } as const;
  const backend = modernHttpBackend("peer", options, logInto([]));
  const channel = await backend.open(openContext());
  await channel.send(modernRequest(LISTEN_ID, "subscriptions/listen"));
  await peer.hear();
  return { channel, peer };
}

class ModernPeer implements ContractPeer {
  readonly #heard = new Queue<string>(10_000);
  readonly #answers = new Map<unknown, ServerResponse>();
  #server!: TestServer;
  #state: "reading" | "deaf" = "reading";

  static async start(): Promise<ModernPeer> {
    const peer = new ModernPeer();
    peer.#server = await serveHttp((request, response) =>
      peer.#handle(request, response)
    );
    return peer;
  }

  get url(): URL {
    return this.#server.url("/mcp");
  }

  async hear(): Promise<string> {
    return (await this.#heard.next()).value as string;
  }

  async say(json: string): Promise<void> {
    const { id } = JSON.parse(json);
    const answer = this.#answers.get(id);
    const stream = answer ?? this.#answers.get(LISTEN_ID);
    await writeEvent(stream as ServerResponse, { data: json });
    if (answer) answer.end();
  }

  leave(): void {
    for (const answer of this.#answers.values()) answer.end();
  }

  stopReading(): void {
    this.#state = "deaf";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (this.#state === "deaf") return;
    const text = await bodyOf(request);
    const { id } = JSON.parse(text);
    if (id === undefined) {
      response.writeHead(202).end();
    } else {
      beginEvents(response);
      this.#answers.set(id, response);
    }
    this.#heard.push(text);
  }
}
