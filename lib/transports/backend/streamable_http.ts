// A backend that speaks Streamable HTTP (2025-03-26 to 2025-11-25): we are its client.

import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { Envelope } from "../../channel/envelope.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { SessionLost } from "../../channel/session_lost.ts";
import { within } from "../../channel/within.ts";
import { SlimSet } from "../../channel/slim_set.ts";
import { asGatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { isLegacyRevision } from "../../protocol/versions.ts";
import type { Log } from "../../telemetry/log.ts";
import { HttpCall } from "./http_call.ts";
import { badStatus, WrongTransport } from "./http_failures.ts";
import { HttpPeer } from "./http_peer.ts";
import { HttpSession } from "./http_session.ts";
import { FLUSH_LIMIT_MS, Mailbox } from "./mailbox.ts";
import { OpenRequests } from "./open_requests.ts";
import { overloaded } from "./overloaded.ts";
import { Posting } from "./posting.ts";
import type { RemoteOptions } from "./remote_options.ts";
import { StandaloneStream } from "./standalone_stream.ts";
import { UnreadPosts } from "./unread_posts.ts";

/** How long messages wait for the standalone stream to open. */
const STANDALONE_OPEN_LIMIT_MS = 500;

/** What a refused handshake means: an error for its sender, or that another transport is to be tried. */
export type OnWrongTransport = "answer" | "break";

/**
 * An MCP server over Streamable HTTP. Opening costs no request: the first message,
 * `initialize`, begins the session. A failed POST is an error answer to its request;
 * the channel breaks with `backend_unavailable` when the backend has ended the session.
 */
export function streamableHttpBackend(
  name: string,
  options: RemoteOptions,
  log: Log,
): Backend {
  const peer = new HttpPeer(name, options);
  const own = log.with({ server: name });
  const opened = (context: OpenContext) =>
    new StreamableHttpChannel(peer, options.url, context, own, "answer");
  return { name, open: (context) => Promise.resolve(opened(context)) };
}

/** One conversation over Streamable HTTP. With `"break"` it throws `WrongTransport` when the handshake shows one. */
export class StreamableHttpChannel implements Channel {
  readonly #log: Log;
  readonly #onWrongTransport: OnWrongTransport;
  readonly #session: HttpSession;
  readonly #mailbox: Mailbox;
  readonly #requests: OpenRequests;
  readonly #maxRequests: number;
  readonly #calls = new SlimSet<Promise<void>>();
  readonly #unread = new UnreadPosts();
  readonly #posting: Posting;
  readonly #sending: Promise<void>;
  readonly #deliver = (envelope: Envelope) => this.#take(envelope);
  #standalone?: StandaloneStream;
  #listening?: Promise<void>;
  #handshake?: RequestId;
  /** Resolves at the end of the handshake that is under way. */
  #ready?: PromiseWithResolvers<void>;

  /** @param log whose lines name the server */
  constructor(
    peer: HttpPeer,
    url: URL,
    context: Pick<OpenContext, "limits" | "memory">,
    log: Log,
    onWrongTransport: OnWrongTransport,
  ) {
    this.#log = log;
    this.#onWrongTransport = onWrongTransport;
    this.#session = new HttpSession(peer, url, context);
    this.#maxRequests = context.limits.requestsPerSession;
    this.#requests = new OpenRequests(this.#maxRequests);
    this.#mailbox = new Mailbox(peer.name, context, () => this.#letGo());
    this.#posting = new Posting(this.#log);
    this.#sending = this.#send();
  }

  send(envelope: Envelope): Promise<void> {
    return this.#mailbox.send(envelope);
  }

  async close(): Promise<void> {
    this.#mailbox.close();
    // A handshake, too, has that long to be answered: only then can the backend's session be ended.
    await within(this.#sending, FLUSH_LIMIT_MS);
    this.#letGo();
    await this.#session.end(this.#log);
    await this.#sending;
    await Promise.all([this.#listening, ...this.#calls]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#mailbox.inbox[Symbol.asyncIterator]();
  }

  /**
   * Sends in order: a message waits until the notifications and responses before it
   * were taken, and for the handshake, but never for the answer to another request.
   */
  async #send(): Promise<void> {
    for await (const envelope of this.#mailbox.outbox) {
      const { kind, method } = envelope.head;
      // The answer to a ping may go out while the backend still works on the handshake.
      if (kind !== "response") await this.#ready?.promise;
      if (kind !== "request") {
        await this.#notify(envelope);
        continue;
      }
      const accepted = this.#call(envelope);
      if (method === METHODS.initialize) await accepted;
    }
  }

  /** Starts a request; resolves when the backend has taken it, or will not. */
  #call(envelope: Envelope): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const call: Promise<void> = this.#answered(envelope, resolve).finally(
      () => {
        this.#calls.delete(call);
        resolve();
      },
    );
    this.#calls.add(call);
    return this.#unread.add(promise);
  }

  /** Sees to it that a request is answered, if need be with an error. */
  async #answered(envelope: Envelope, accepted: () => void): Promise<void> {
    const id = envelope.head.id as RequestId;
    if (this.#requests.full) {
      const refusal = overloaded(this.#session.name, this.#maxRequests);
      return void await this.#mailbox.deliver(Envelope.failure(id, refusal));
    }
    if (envelope.head.method === METHODS.initialize) this.#beginHandshake(id);
    const hooks = { deliver: this.#deliver, accepted };
    await this.#requests.run(
      id,
      (open) =>
        new HttpCall(this.#session, envelope, hooks, open).run()
          .catch((error) => this.#endIfLost(error)),
      (error) => this.#fail(id, error),
    );
    if (id === this.#handshake) this.#goOn();
  }

  /** The session is over for everyone, also where nobody waits for the request that found it out. */
  #endIfLost(error: unknown): void {
    if (!(error instanceof SessionLost)) throw error;
    this.#mailbox.break(error);
  }

  async #fail(id: RequestId, error: unknown): Promise<void> {
    const reason = asGatewayError(error);
    if (
      reason instanceof WrongTransport && this.#onWrongTransport === "break"
    ) {
      return this.#mailbox.break(reason);
    }
    await this.#mailbox.deliver(Envelope.failure(id, reason));
  }

  async #notify(envelope: Envelope): Promise<void> {
    const { method } = envelope.head;
    if (method === METHODS.cancelled) this.#cancel(envelope);
    const outcome = await this.#posting.run(envelope, async (signal) => {
      const answer = await this.#session.post(envelope, signal);
      await answer.discard();
      if (!answer.ok) throw badStatus(this.#session.name, answer.status);
    });
    if (method === METHODS.initialized && !outcome) await this.#listen();
  }

  /** What the backend still says about the request is of no use, and its stream neither (S1125 `utilities/cancellation`). */
  #cancel(cancelled: Envelope): void {
    const id = requestIdOf(cancelled);
    if (id !== undefined && id !== this.#handshake) this.#requests.settle(id);
  }

  /** Most servers drop what they have to say while the stream is not open: the next message waits for it a little. */
  async #listen(): Promise<void> {
    if (this.#mailbox.ended || this.#listening) return;
    const log = this.#log;
    const stream = new StandaloneStream(this.#session, this.#deliver, log);
    this.#standalone = stream;
    this.#listening = stream.run()
      .catch((error) => this.#streamRefused(error))
      .finally(() => this.#standalone = undefined);
    await within(stream.tried, STANDALONE_OPEN_LIMIT_MS);
  }

  /** A request that its server refuses as well can be sent again: that is waited for. */
  async #streamRefused(error: unknown): Promise<void> {
    await this.#unread.known();
    this.#mailbox.break(asGatewayError(error));
  }

  #beginHandshake(id: RequestId): void {
    this.#handshake = id;
    this.#ready = Promise.withResolvers();
  }

  #take(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, id } = envelope.head;
    if (kind === "response" && id !== null && id !== undefined) {
      // One that cannot be read is no answer: this throws.
      if (id === this.#handshake) envelope.message();
      // Answered already, or cancelled: a second answer is not passed on.
      if (!this.#requests.settle(id)) return undefined;
      if (id === this.#handshake) this.#endHandshake(envelope);
    }
    return this.#mailbox.deliver(envelope);
  }

  #endHandshake(answer: Envelope): void {
    const result = answer.message().result as { protocolVersion?: unknown };
    const revision = result?.protocolVersion;
    // Another one cannot be said in a header; clients refuse it by themselves.
    if (typeof revision === "string" && isLegacyRevision(revision)) {
      this.#session.negotiated(revision);
    }
    this.#goOn();
  }

  /** What waits for the handshake is sent. */
  #goOn(): void {
    this.#ready?.resolve();
    this.#ready = undefined;
  }

  #letGo(): void {
    this.#mailbox.outbox.drop();
    this.#goOn();
    this.#posting.stop();
    this.#standalone?.stop();
    this.#requests.settleAll();
  }
}
