// One request of the modern era with what belongs to it, from its arrival until its answer was told.

import type { Backend, BackendChannel } from "../backend.ts";
import type { Deadlines } from "../channel/deadlines.ts";
import { Envelope } from "../channel/envelope.ts";
import { Memory } from "../channel/memory.ts";
import { Slice } from "../channel/turns.ts";
import type { Inbound } from "../endpoint.ts";
import { dropped } from "../backends/dropped.ts";
import { modernError } from "../eras/modern_error.ts";
import { asGatewayError, GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Principal } from "../principal.ts";
import type { RequestId } from "../protocol/messages.ts";
import { META } from "../protocol/meta.ts";
import { METHODS } from "../protocol/methods.ts";
import { background } from "../telemetry/background.ts";
import type { Log } from "../telemetry/log.ts";
import { ExchangeRoute } from "../transports/client/exchange_route.ts";
import { acceptsOf } from "./accept.ts";
import { parametersIn } from "./exchange_parameters.ts";
import { isRefusal, tellingOf } from "./exchange_telling.ts";
import { logFailure } from "./log_failure.ts";
import { subjectOf } from "./subject_of.ts";

/** What an exchange is made of. */
export interface ExchangeOptions {
  readonly request: Envelope;
  readonly owner: Principal;
  /** The modern face of a server. */
  readonly backend: Backend;
  readonly inbound: Inbound;
  readonly limits: Limits;
  /** Those of all exchanges. */
  readonly deadlines: Deadlines;
  readonly log: Log;
}

/** An exchange; its owner is the exchange table. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #memory: Memory;
  readonly #route: ExchangeRoute;
  readonly #ending = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #slice = new Slice();
  #channel?: BackendChannel;
  #hasLeft = false;

  constructor(options: ExchangeOptions) {
    const { inbound: { request, peer }, limits, deadlines } = options;
    this.#options = options;
    this.#memory = new Memory(limits.sessionBytes);
    const { events, json } = acceptsOf(request.headers);
    this.#route = new ExchangeRoute({
      accepts: { events: events || !json || this.listens },
      peer,
      limits,
      memory: this.#memory,
      deadlines,
      log: () => this.#log(),
      onLeave: (how) =>
        this.#leave(how === "reader_stalled" ? stalled() : left()),
    });
  }

  /** The name of the server; `*` for all of them. */
  get server(): string {
    return this.#options.backend.name;
  }

  /** Whether it lasts until its client leaves. */
  get listens(): boolean {
    return this.#options.request.head.method === METHODS.listen;
  }

  /** Resolves when nothing is done for it any more. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Resolves when, in addition, the client has read all, or will not. */
  get gone(): Promise<void> {
    return this.ended.then(() => this.#route.read);
  }

  /** Begins it; resolves with its HTTP answer. Throws why it is refused. */
  respond(): Promise<Response> {
    background(this.#options.log, "Exchange", this.#run());
    return this.#route.response;
  }

  /** Ends it with a reason that its client is told. */
  close(reason: GatewayError): void {
    this.#ending.abort(reason);
    this.#route.hurry(reason);
    this.#closeChannel(reason);
  }

  async #run(): Promise<void> {
    const { signal } = this.#options.inbound.request;
    const onLeft = () => this.#leave(left());
    signal.addEventListener("abort", onLeft, { once: true });
    // It may have left since its request was read.
    if (signal.aborted) onLeft();
    try {
      await this.#converse();
    } catch (error) {
      const { aborted, reason } = this.#ending.signal;
      await this.#fail(asGatewayError(aborted ? reason : error));
    } finally {
      signal.removeEventListener("abort", onLeft);
      this.#route.close();
      try {
        await this.#channel?.close();
      } finally {
        this.#ended.resolve();
      }
    }
  }

  /** Resolves when the answer was told; throws why there is none. */
  async #converse(): Promise<void> {
    const { backend, request } = this.#options;
    const { signal } = this.#ending;
    signal.throwIfAborted();
    const channel = this.#channel = await backend.open(this.#context());
    this.#sayWhatItIsAbout(channel);
    signal.throwIfAborted();
    await channel.send(request);
    for await (const envelope of channel) {
      if (await this.#hear(envelope)) return;
    }
    signal.throwIfAborted();
    throw unanswered(backend.name);
  }

  /** Passes on what the server says; whether it was the answer. */
  async #hear(envelope: Envelope): Promise<boolean> {
    const { kind, id } = envelope.head;
    if (kind === "response" && id === this.#options.request.head.id) {
      await this.#answer(envelope);
      return true;
    }
    if (kind === "notification") await this.#route.relay(envelope);
    else {
      const why = "an exchange has no place for it";
      this.#log().warn("Message dropped", dropped("backend", envelope, why));
    }
    const turn = this.#slice.pass(envelope.bytes.length);
    if (turn) await turn;
    return false;
  }

  async #answer(envelope: Envelope): Promise<void> {
    const { tells } = envelope;
    if (tells && isRefusal(tells) && this.#route.undecided) {
      return this.#refuse(tells);
    }
    if (tells) logFailure(tells, this.#log());
    await this.#route.answer(envelope, tellingOf(envelope));
  }

  /** Nobody waits for what the client has left; a subscription ends in good order (2026-07-28 `basic/patterns/subscriptions` § Graceful Closure). */
  async #fail(reason: GatewayError): Promise<void> {
    if (this.#hasLeft) return;
    const id = this.#options.request.head.id as RequestId;
    if (this.listens && !this.#route.undecided) {
      return await this.#route.answer(endOfListening(id));
    }
    const told = modernError(reason);
    this.#sayWhatItIsAbout();
    if (isRefusal(told) && this.#route.undecided) return this.#refuse(told);
    logFailure(reason, this.#log());
    await this.#route.answer(Envelope.failure(id, told));
  }

  #refuse(reason: GatewayError): void {
    const id = this.#options.request.head.id as RequestId;
    this.#route.refuse(modernError(reason).answering(id));
  }

  #leave(reason: GatewayError): void {
    this.#hasLeft = true;
    this.#route.leave();
    this.close(reason);
  }

  #closeChannel(reason: GatewayError): void {
    const closing = this.#channel?.close(reason);
    if (closing) background(this.#log(), "Ending an exchange", closing);
  }

  #context() {
    const { owner: principal, inbound, limits } = this.#options;
    const { signal } = this.#ending;
    return {
      principal,
      session: inbound.id,
      signal,
      limits,
      memory: this.#memory,
      parameters: parametersIn(inbound.request.headers),
    };
  }

  #sayWhatItIsAbout(channel?: BackendChannel): void {
    const { inbound, request, backend: { name } } = this.#options;
    const addressee = (envelope: Envelope) =>
      channel?.addressee?.(envelope) ?? name;
    inbound.told(subjectOf({ addressee }, [request]));
  }

  #log(): Log {
    const { log, owner, backend, inbound } = this.#options;
    const token = { token_name: owner.id, server: backend.name };
    return log.with({ ...token, request_id: inbound.id });
  }
}

function endOfListening(id: RequestId): Envelope {
  const _meta = { [META.subscriptionId]: id };
  return Envelope.result(id, { resultType: "complete", _meta });
}

function unanswered(name: string): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" ended without answering the request`,
  );
}

function left(): GatewayError {
  return new GatewayError("client_gone", "The client has left");
}

function stalled(): GatewayError {
  return new GatewayError("client_stalled", "The client stopped reading");
}
