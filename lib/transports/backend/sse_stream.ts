// The stream of an HTTP+SSE backend, from the GET to its end.

import type { OpenContext } from "../../backend.ts";
import { GatewayError } from "../../errors.ts";
import { MEDIA } from "../../protocol/headers.ts";
import { readSseEvents } from "../sse_events.ts";
import type { SseEvent } from "../sse_events.ts";
import type { HttpAnswer } from "./http_answer.ts";
import {
  badAnswer,
  badMedia,
  badStatus,
  brokenOff,
  otherOrigin,
  tooLarge,
  WrongTransport,
} from "./http_failures.ts";
import type { HttpPeer } from "./http_peer.ts";

const NAME_OF_ENDPOINT_EVENT = "endpoint";

/** An open stream whose server has said where messages go (S1105 `basic/transports` § HTTP with SSE). */
export class SseStream {
  /** Where messages are posted; of the same origin as the stream. */
  readonly endpoint: URL;
  readonly #name: string;
  readonly #events: AsyncGenerator<SseEvent>;
  readonly #request: AbortController;
  readonly #maxBytes: number;

  private constructor(
    name: string,
    endpoint: URL,
    events: AsyncGenerator<SseEvent>,
    request: AbortController,
    maxBytes: number,
  ) {
    this.#name = name;
    this.endpoint = endpoint;
    this.#events = events;
    this.#request = request;
    this.#maxBytes = maxBytes;
  }

  /**
   * Opens the stream; resolves when the endpoint is known. Throws `WrongTransport`
   * when the url has no such stream, `backend_unavailable`, `backend_protocol`, or
   * the reason of `signal`.
   */
  static async open(
    peer: HttpPeer,
    url: URL,
    { signal, limits }: Pick<OpenContext, "signal" | "limits">,
  ): Promise<SseStream> {
    const maxBytes = limits.serverMessageBytes;
    signal.throwIfAborted();
    const request = new AbortController();
    const giveUp = () => request.abort(signal.reason);
    signal.addEventListener("abort", giveUp);
    let events: AsyncGenerator<SseEvent> | undefined;
    try {
      const answer = await get(peer, url, request.signal);
      events = readSseEvents(answer.chunks(), maxBytes);
      const endpoint = await endpointOf(peer.name, answer.url, events);
      return new SseStream(peer.name, endpoint, events, request, maxBytes);
    } catch (error) {
      request.abort();
      await letGo(events);
      signal.throwIfAborted();
      if (error instanceof GatewayError) throw error;
      throw brokenOff(peer.name, error);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** The JSON texts on the stream, for one consumer; always ends by throwing why the stream is over. */
  async *messages(): AsyncGenerator<Uint8Array> {
    try {
      for await (const { event, data } of this.#events) {
        if (event === "message" && data.length > 0) yield data;
      }
    } catch (error) {
      if (error instanceof GatewayError) {
        throw tooLarge(this.#name, this.#maxBytes);
      }
      throw brokenOff(this.#name, error);
    }
    throw new GatewayError(
      "backend_unavailable",
      `Server "${this.#name}" has closed its stream`,
      { hint: "Try again: the next request begins another session" },
    );
  }

  /** Lets go of the stream. */
  close(): void {
    this.#request.abort();
  }
}

/** Of a stream that will not be read on; what it says of that is of no use. */
async function letGo(
  events: AsyncGenerator<SseEvent> | undefined,
): Promise<void> {
  try {
    await events?.return(undefined);
  } catch {
    // It broke, which is how it ends here.
  }
}

async function get(
  peer: HttpPeer,
  url: URL,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = { accept: MEDIA.events };
  const answer = await peer.request({ method: "GET", url, headers, signal });
  if (answer.isStream) return answer;
  await answer.discard();
  const { fault, message, hint } = answer.ok
    ? badMedia(peer.name, answer.media)
    : badStatus(peer.name, answer.status);
  if (answer.status >= 500) throw new GatewayError(fault, message);
  throw new WrongTransport(fault, message, { hint });
}

/** The first thing the server says: where it takes messages, relative to the stream's url. */
async function endpointOf(
  name: string,
  base: URL,
  events: AsyncGenerator<SseEvent>,
): Promise<URL> {
  let next = await events.next();
  while (!next.done && next.value.event !== NAME_OF_ENDPOINT_EVENT) {
    next = await events.next();
  }
  if (next.done) {
    throw badAnswer(name, "closed its stream without naming its endpoint");
  }
  const reference = new TextDecoder().decode(next.value.data);
  if (!URL.canParse(reference, base)) {
    throw badAnswer(name, "named an endpoint that is no url");
  }
  const endpoint = new URL(reference, base);
  if (endpoint.origin === base.origin) return endpoint;
  throw otherOrigin(name, "sends its messages", endpoint);
}
