// A backend that speaks HTTP+SSE (2024-11-05): it answers on one stream, and takes messages by POST.

import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { Envelope } from "../../channel/envelope.ts";
import { oneByOne } from "../../channel/one_by_one.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { SessionLost } from "../../channel/session_lost.ts";
import { within } from "../../channel/within.ts";
import { SlimSet } from "../../channel/slim_set.ts";
import { asGatewayError } from "../../errors.ts";
import { MEDIA } from "../../protocol/headers.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { readMessages } from "../read_messages.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { badStatus, sessionLost, WrongTransport } from "./http_failures.ts";
import { HttpPeer } from "./http_peer.ts";
import { answerInRefusal } from "./http_refusal.ts";
import { FLUSH_LIMIT_MS, Mailbox } from "./mailbox.ts";
import { OpenRequests } from "./open_requests.ts";
import { overloaded } from "./overloaded.ts";
import { Posting } from "./posting.ts";
import type { RemoteOptions } from "./remote_options.ts";
import { SseStream } from "./sse_stream.ts";

/** How long a message waits for the request before it to be acknowledged; some servers do so only when it is done. */
const REQUEST_ORDER_LIMIT_MS = 1_000;
const NOT_FOUND = 404;

/**
 * An MCP server over HTTP+SSE (S1105 `basic/transports` § HTTP with SSE). `open()`
 * resolves when the server has named its endpoint, and throws `WrongTransport` when
 * the url has no such stream. The channel breaks when the stream ends.
 */
export function sseBackend(
  name: string,
  options: RemoteOptions,
  log: Log,
): Backend {
  const peer = new HttpPeer(name, options);
  const own = log.with({ server: name });
  return {
    name,
    async open(context): Promise<Channel> {
      const stream = await SseStream.open(peer, options.url, context);
      return new SseChannel(peer, stream, context, own);
    },
  };
}

class SseChannel implements Channel {
  readonly #peer: HttpPeer;
  readonly #stream: SseStream;
  readonly #log: Log;
  readonly #mailbox: Mailbox;
  readonly #requests: OpenRequests;
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  readonly #posting: Posting;
  readonly #posts = new SlimSet<Promise<void>>();
  readonly #deliver = (envelope: Envelope) => this.#pass(envelope);
  readonly #sending: Promise<void>;
  readonly #reading: Promise<void>;

  constructor(
    peer: HttpPeer,
    stream: SseStream,
    context: OpenContext,
    log: Log,
  ) {
    this.#peer = peer;
    this.#stream = stream;
    this.#log = log;
    this.#mailbox = new Mailbox(peer.name, context, () => this.#letGo());
    this.#maxBytes = context.limits.serverMessageBytes;
    this.#maxRequests = context.limits.requestsPerSession;
    this.#requests = new OpenRequests(this.#maxRequests);
    this.#posting = new Posting(log);
    this.#sending = this.#send();
    this.#reading = this.#read();
  }

  send(envelope: Envelope): Promise<void> {
    return this.#mailbox.send(envelope);
  }

  async close(): Promise<void> {
    this.#mailbox.close();
    await within(this.#sending, FLUSH_LIMIT_MS);
    this.#letGo();
    await this.#sending;
    await Promise.all([this.#reading, ...this.#posts]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#mailbox.inbox[Symbol.asyncIterator]();
  }

  async #read(): Promise<void> {
    try {
      await this.#stream.read((json) => this.#take(json));
    } catch (error) {
      this.#mailbox.break(asGatewayError(error));
    }
  }

  #take(json: Uint8Array): Promise<unknown> | undefined {
    return oneByOne(this.#messages(json), this.#deliver);
  }

  #messages(json: Uint8Array): Envelope[] {
    try {
      return readMessages(json);
    } catch {
      this.#log.warn("Backend sent an event that is not a message", {
        bytes: json.length,
      });
      return [];
    }
  }

  /** Sends in order: each message once the one before it was acknowledged. */
  async #send(): Promise<void> {
    for await (const envelope of this.#mailbox.outbox) {
      if (envelope.head.kind === "request") {
        await within(this.#request(envelope), REQUEST_ORDER_LIMIT_MS);
      } else {
        await this.#notify(envelope);
      }
    }
  }

  #request(envelope: Envelope): Promise<void> {
    const post: Promise<void> = this.#posted(envelope).finally(() => {
      this.#posts.delete(post);
    });
    this.#posts.add(post);
    return post;
  }

  /** Posts a request; the answer comes on the stream, unless the POST fails. */
  async #posted(envelope: Envelope): Promise<void> {
    const id = envelope.head.id as RequestId;
    if (this.#requests.full) {
      const refusal = overloaded(this.#peer.name, this.#maxRequests);
      return void await this.#mailbox.deliver(Envelope.failure(id, refusal));
    }
    await this.#requests.run(id, async ({ signal }) => {
      const answer = await this.#post(envelope, signal);
      if (answer.ok) return await answer.discard();
      await this.#deliver(await this.#answerIn(answer, envelope));
    }, async (error) => {
      if (error instanceof SessionLost) return this.#mailbox.break(error);
      await this.#mailbox.deliver(Envelope.failure(id, asGatewayError(error)));
    });
  }

  /** A 404 that is neither an answer nor a wrong url says that the session is unknown. */
  async #answerIn(refusal: HttpAnswer, request: Envelope): Promise<Envelope> {
    const { name } = this.#peer;
    try {
      return await answerInRefusal(name, request, refusal, this.#maxBytes);
    } catch (error) {
      const isLost = refusal.status === NOT_FOUND &&
        !(error instanceof WrongTransport);
      throw isLost ? sessionLost(name, request.head.id as RequestId) : error;
    }
  }

  async #notify(envelope: Envelope): Promise<void> {
    if (envelope.head.method === METHODS.cancelled) this.#cancel(envelope);
    await this.#posting.run(envelope, async (signal) => {
      const answer = await this.#post(envelope, signal);
      await answer.discard();
      if (!answer.ok) throw badStatus(this.#peer.name, answer.status);
    });
  }

  #cancel(cancelled: Envelope): void {
    const id = requestIdOf(cancelled);
    if (id !== undefined) this.#requests.settle(id);
  }

  #post(envelope: Envelope, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#peer.request({
      method: "POST",
      url: this.#stream.endpoint,
      headers: { "content-type": MEDIA.json },
      body: envelope.bytes,
      signal,
    });
  }

  #pass(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, id } = envelope.head;
    const isAnswer = kind === "response" && id !== null && id !== undefined;
    // Answered already, or cancelled: a second answer is not passed on.
    if (isAnswer && !this.#requests.settle(id)) return undefined;
    return this.#mailbox.deliver(envelope);
  }

  #letGo(): void {
    this.#mailbox.outbox.drop();
    this.#stream.close();
    this.#posting.stop();
    this.#requests.settleAll();
  }
}
