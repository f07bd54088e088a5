// The stream of an HTTP+SSE backend, from the GET to its end.

import type { OpenContext } from "../../backend.ts";
import { oneByOne } from "../../channel/one_by_one.ts";
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

type Events = AsyncGenerator<readonly SseEvent[]>;

/** What a server says first. */
interface Beginning {
  readonly endpoint: URL;
  /** What came together with it. */
  readonly rest: readonly SseEvent[];
}

/** An open stream whose server has said where messages go (S1105 `basic/transports` § HTTP with SSE). */
export class SseStream {
  /** Where messages are posted; of the same origin as the stream. */
  readonly endpoint: URL;
  readonly #name: string;
  readonly #events: Events;
  #rest: readonly SseEvent[];
  readonly #request: AbortController;
  readonly #maxBytes: number;

  private constructor(
    name: string,
    { endpoint, rest }: Beginning,
    events: Events,
    request: AbortController,
    maxBytes: number,
  ) {
    this.#name = name;
    this.endpoint = endpoint;
    this.#rest = rest;
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
    let events: Events | undefined;
    try {
      const answer = await get(peer, url, request.signal);
      events = readSseEvents(answer.chunks(), maxBytes);
      const begun = await beginningOf(peer.name, answer.url, events);
      return new SseStream(peer.name, begun, events, request, maxBytes);
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

  /** Hands on the JSON texts on the stream, once; always ends by throwing why the stream is over. */
  async read(
    take: (json: Uint8Array) => Promise<unknown> | undefined,
  ): Promise<never> {
    const takeOne = ({ event, data }: SseEvent) =>
      event === "message" && data.length > 0 ? take(data) : undefined;
    try {
      await oneByOne(this.#rest, takeOne);
      this.#rest = [];
      for await (const events of this.#events) await oneByOne(events, takeOne);
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
async function letGo(events: Events | undefined): Promise<void> {
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
async function beginningOf(
  name: string,
  base: URL,
  events: Events,
): Promise<Beginning> {
  for (;;) {
    const next = await events.next();
    if (next.done) {
      throw badAnswer(name, "closed its stream without naming its endpoint");
    }
    const at = next.value.findIndex(isEndpoint);
    const first = next.value[at];
    if (!first) continue;
    const endpoint = endpointIn(name, base, first);
    return { endpoint, rest: next.value.slice(at + 1) };
  }
}

function isEndpoint({ event }: SseEvent): boolean {
  return event === NAME_OF_ENDPOINT_EVENT;
}

function endpointIn(name: string, base: URL, { data }: SseEvent): URL {
  const reference = new TextDecoder().decode(data);
  if (!URL.canParse(reference, base)) {
    throw badAnswer(name, "named an endpoint that is no url");
  }
  const endpoint = new URL(reference, base);
  if (endpoint.origin === base.origin) return endpoint;
  throw otherOrigin(name, "sends its messages", endpoint);
}
