// A backend that speaks Streamable HTTP of the modern era (2026-07-28 and later): we are its client.

import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { Envelope } from "../../channel/envelope.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { within } from "../../channel/within.ts";
import { asGatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { HttpCall } from "./http_call.ts";
import { badStatus } from "./http_failures.ts";
import { HttpPeer } from "./http_peer.ts";
import { FLUSH_LIMIT_MS, Mailbox } from "./mailbox.ts";
import { ModernPosts } from "./modern_posts.ts";
import { OpenRequests } from "./open_requests.ts";
import { overloaded } from "./overloaded.ts";
import { Posting } from "./posting.ts";
import type { RemoteOptions } from "./remote_options.ts";

/**
 * An MCP server over Streamable HTTP of 2026-07-28. Opening costs no request, and a channel
 * never breaks: a POST that fails is an error answer to its request. To cancel a request ends
 * its POST, as does closing the channel (2026-07-28 `basic/patterns/cancellation`).
 */
export function modernHttpBackend(
  name: string,
  options: RemoteOptions,
  log: Log,
): Backend {
  const peer = new HttpPeer(name, options);
  const own = log.with({ server: name });
  return {
    name,
    open: (context) =>
      Promise.resolve(
        new ModernHttpChannel(
          new ModernPosts(peer, options.url, context),
          context,
          own,
        ),
      ),
  };
}

class ModernHttpChannel implements Channel {
  readonly #log: Log;
  readonly #posts: ModernPosts;
  readonly #mailbox: Mailbox;
  readonly #requests: OpenRequests;
  readonly #maxRequests: number;
  readonly #posting: Posting;
  readonly #calls = new Set<Promise<void>>();
  readonly #sending: Promise<void>;
  readonly #deliver = (envelope: Envelope) => this.#take(envelope);

  constructor(posts: ModernPosts, context: OpenContext, log: Log) {
    this.#log = log;
    this.#posts = posts;
    this.#maxRequests = context.limits.requestsPerSession;
    this.#requests = new OpenRequests(this.#maxRequests);
    this.#mailbox = new Mailbox(posts.name, context, () => this.#letGo());
    this.#posting = new Posting(log);
    this.#sending = this.#send();
  }

  send(envelope: Envelope): Promise<void> {
    return this.#mailbox.send(envelope);
  }

  async close(): Promise<void> {
    this.#requests.cancelAll();
    this.#mailbox.close();
    await within(this.#sending, FLUSH_LIMIT_MS);
    this.#letGo();
    await this.#sending;
    await Promise.all(this.#calls);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#mailbox.inbox[Symbol.asyncIterator]();
  }

  /** Sends in order: a message waits until the notifications before it were taken, never for an answer. */
  async #send(): Promise<void> {
    for await (const envelope of this.#mailbox.outbox) {
      const { kind, method } = envelope.head;
      if (kind === "request") this.#call(envelope);
      else if (method === METHODS.cancelled) this.#cancel(envelope);
      else if (kind === "notification") await this.#notify(envelope);
      // Servers of this era ask nothing.
      else this.#drop("client", envelope);
    }
  }

  #call(envelope: Envelope): void {
    const call: Promise<void> = this.#answered(envelope).finally(() => {
      this.#calls.delete(call);
    });
    this.#calls.add(call);
  }

  /** Sees to it that a request is answered, if need be with an error. */
  async #answered(envelope: Envelope): Promise<void> {
    const id = envelope.head.id as RequestId;
    if (this.#requests.full) {
      const refusal = overloaded(this.#posts.name, this.#maxRequests);
      return void await this.#mailbox.deliver(Envelope.failure(id, refusal));
    }
    const hooks = { deliver: this.#deliver, accepted() {} };
    await this.#requests.run(
      id,
      (open) => new HttpCall(this.#posts, envelope, hooks, open).run(),
      async (error) => {
        const failure = Envelope.failure(id, asGatewayError(error));
        await this.#mailbox.deliver(failure);
      },
    );
  }

  async #notify(envelope: Envelope): Promise<void> {
    await this.#posting.run(envelope, async (signal) => {
      const answer = await this.#posts.post(envelope, signal);
      await answer.discard();
      if (!answer.ok) throw badStatus(this.#posts.name, answer.status);
    });
  }

  #cancel(cancelled: Envelope): void {
    const id = requestIdOf(cancelled);
    if (id !== undefined) this.#requests.cancel(id);
  }

  #take(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, id } = envelope.head;
    if (kind === "request") return this.#drop("backend", envelope);
    const isAnswer = kind === "response" && id !== null && id !== undefined;
    // Answered already, or cancelled: a second answer is not passed on.
    if (isAnswer && !this.#requests.settle(id)) return undefined;
    return this.#mailbox.deliver(envelope);
  }

  #drop(
    from: "client" | "backend",
    { head: { kind, method } }: Envelope,
  ): undefined {
    const reason = "no server of this era asks its client";
    this.#log.debug("Message dropped", { from, kind, method, reason });
  }

  #letGo(): void {
    this.#mailbox.outbox.drop();
    this.#posting.stop();
    this.#requests.cancelAll();
  }
}
