// A channel towards a client, served over real HTTP, with the client in the hands of the test.

import type { Socket } from "node:net";
import { Envelope } from "../../lib/channel/envelope.ts";
import { serve } from "../../lib/runtime/serve.ts";
import type { Listener, Peer } from "../../lib/runtime/serve.ts";
import { SseChannel } from "../../lib/transports/client/sse.ts";
import type { ClientChannel } from "../../lib/transports/client/client_channel.ts";
import { StreamableHttpChannel } from "../../lib/transports/client/streamable_http.ts";
import { EventReader } from "./event_reader.ts";
import { channelOptions } from "./channel_options.ts";
import { sendRaw } from "./raw_request.ts";
import { responseFrom } from "./raw_stream.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const IDLE_SECONDS = 60;

/** The client's end. */
export class HttpClientPeer implements AsyncDisposable {
  readonly #listener: Listener;
  readonly #socket: Socket;
  readonly #events: EventReader;
  readonly #onLeave: () => void;

  private constructor(
    listener: Listener,
    socket: Socket,
    onLeave: () => void,
  ) {
    this.#listener = listener;
    this.#socket = socket;
    this.#events = new EventReader(responseFrom(socket));
    this.#onLeave = onLeave;
  }

  /** A client over HTTP+SSE; its first event is read. */
  static async sse() {
    const opened = Promise.withResolvers<SseChannel>();
    const respond = (request: Request, peer: Peer) => {
      if (request.method !== "GET") return take(opened.promise, request, peer);
      const channel = new SseChannel("/messages", peer, channelOptions());
      opened.resolve(channel);
      return Promise.resolve(channel.response());
    };
    const { peer, socket } = await HttpClientPeer.#connect(respond);
    await peer.#events.next();
    return { channel: await opened.promise, peer, socket };
  }

  /** A client over Streamable HTTP with one GET stream. */
  static async streamable() {
    const channel = new StreamableHttpChannel(channelOptions());
    const respond = (request: Request, peer: Peer) =>
      request.method === "GET"
        ? Promise.resolve(channel.listen(undefined, peer).response())
        : take(Promise.resolve(channel), request, peer);
    const leave = () => channel.hangUp();
    return { channel, ...await HttpClientPeer.#connect(respond, leave) };
  }

  static async #connect(
    respond: (request: Request, peer: Peer) => Promise<Response>,
    leave?: () => void,
  ) {
    const listener = await serve({
      hostname: "127.0.0.1",
      port: 0,
      maxBodyBytes: MAX_BODY_BYTES,
      idleSeconds: IDLE_SECONDS,
      // What the channel refuses is told by the endpoints, which are not part of this.
      respond: (request, peer) =>
        respond(request, peer).catch(() => new Response(null, { status: 404 })),
      onFailure: () => {},
    });
    const { port } = listener;
    const lines = ["GET / HTTP/1.1", "Host: localhost"];
    const socket = await sendRaw({ port, lines });
    const onLeave = leave ?? (() => socket.destroy());
    return { peer: new HttpClientPeer(listener, socket, onLeave), socket };
  }

  /** The next message on the stream, as it came. */
  async hear(): Promise<string> {
    const event = await this.#events.next();
    if (!event) throw new Error("the stream has ended");
    return event.data;
  }

  /** Posts one message. */
  async say(json: string): Promise<void> {
    const url = `http://127.0.0.1:${this.#listener.port}/messages`;
    const answer = await fetch(url, { method: "POST", body: json });
    await answer.text();
  }

  leave(): void {
    this.#onLeave();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.#listener.kill();
  }
}

async function take(
  opened: Promise<ClientChannel>,
  request: Request,
  peer: Peer,
): Promise<Response> {
  const channel = await opened;
  const envelopes = [Envelope.read(await request.bytes())];
  if (channel instanceof StreamableHttpChannel) {
    const accepts = { json: true, events: true };
    const { signal } = request;
    return channel.post({ envelopes, form: "single", accepts, peer, signal });
  }
  (channel as SseChannel).post(envelopes);
  return new Response("Accepted", { status: 202 });
}
