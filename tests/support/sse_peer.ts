// The server side of an HTTP+SSE conversation, played by a test.

import type { ServerResponse } from "node:http";
import { Queue } from "../../lib/channel/queue.ts";
import { sseBackend } from "../../lib/transports/backend/sse.ts";
import type {
  ContractPeer,
  ContractSubject,
} from "../contract/channel_contract.ts";
import { beginEvents, bodyOf, serveHttp, writeEvent } from "./http_server.ts";
import type { TestServer } from "./http_server.ts";
import { logInto } from "./log_lines.ts";
import { openContext } from "./open_context.ts";

/** Opens an SSE channel to a server that does what the test says. */
export async function openSse(): Promise<ContractSubject> {
  const peer = await SsePeer.start();
  const options = {
    url: peer.url,
    transport: "sse",
    headers: new Map(),
  } as const;
  const backend = sseBackend("peer", options, logInto([]));
  return { channel: await backend.open(openContext()), peer };
}

class SsePeer implements ContractPeer {
  readonly #heard = new Queue<string>(10_000);
  #server!: TestServer;
  #stream!: ServerResponse;
  #reading = true;

  static async start(): Promise<SsePeer> {
    const peer = new SsePeer();
    peer.#server = await serveHttp(async (request, response) => {
      if (request.method === "GET") {
        peer.#stream = response;
        beginEvents(response);
        return await writeEvent(response, { event: "endpoint", data: "/post" });
      }
      if (!peer.#reading) return;
      peer.#heard.push(await bodyOf(request));
      response.writeHead(202).end("Accepted");
    });
    return peer;
  }

  get url(): URL {
    return this.#server.url("/sse");
  }

  async hear(): Promise<string> {
    return (await this.#heard.next()).value as string;
  }

  say(json: string): Promise<void> {
    return writeEvent(this.#stream, { data: json });
  }

  leave(): void {
    this.#stream.end();
  }

  stopReading(): void {
    this.#reading = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
