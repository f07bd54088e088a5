// One life of a backend within a session, from its start to its death.

import type { Channel } from "../channel/channel.ts";
import { Envelope } from "../channel/envelope.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import { Queue } from "../channel/queue.ts";
import { SessionLost } from "../channel/session_lost.ts";
import { asGatewayError, GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import { ClientRequests } from "./client_requests.ts";
import { dropped } from "./dropped.ts";
import type { IncarnationOptions } from "./life.ts";
import { OpenQuestions } from "./open_questions.ts";
import { OwnRequests } from "./own_requests.ts";
import { RenamedRequests } from "./renamed_requests.ts";
import { restore } from "./restoration.ts";

/** Whoever begins a life closes it, also after its death. */
export class Incarnation {
  readonly #options: IncarnationOptions;
  /** Gives up the opening that is under way. */
  #opening?: AbortController;
  /** What the client says until messages flow. */
  #early?: Queue<Envelope>;
  readonly #requests: ClientRequests;
  readonly #questions = new OpenQuestions();
  readonly #renamed?: RenamedRequests;
  readonly #own = new OwnRequests();
  readonly #work: Promise<void>;
  #channel?: Channel;
  #phase: "starting" | "flowing" | "over" = "starting";

  constructor(options: IncarnationOptions) {
    const { context: { limits, memory }, place } = options;
    this.#options = options;
    this.#early = new Queue(limits.streamBytes, weigh, memory);
    this.#requests = new ClientRequests({ limits, memory });
    if (place === "later") {
      this.#renamed = new RenamedRequests(limits.requestsPerSession);
    }
    this.#work = this.#live();
  }

  /** Takes a message of the client. A request is answered, if need be with an error or by its death. Never rejects. */
  send(envelope: Envelope): Promise<void> {
    const inward = this.#inward(envelope);
    if (!inward) {
      this.#logDropped("client", envelope);
      return Promise.resolve();
    }
    this.#requests.said(envelope);
    return this.#carry(inward, inward === envelope ? "in turn" : "at once");
  }

  /** Takes a request that another life has refused unread. */
  sendAgain(request: Envelope): Promise<void> {
    this.#requests.saidAgain(request);
    return this.#carry(request, "in turn");
  }

  /** Ends it, or what is left of it. Resolves when that is done. May be called twice. */
  async close(reason?: Error): Promise<void> {
    this.#phase = "over";
    this.#opening?.abort(reason);
    this.#letGo(asGatewayError(reason));
    await this.#channel?.close(reason);
    await this.#work;
  }

  async #live(): Promise<void> {
    try {
      await this.#options.turn;
      if (this.#over) return;
      const channel = await this.#open();
      if (this.#over) return await channel.close();
      const starting = this.#start(channel).catch((error) => {
        this.#die(asGatewayError(error));
      });
      for await (const envelope of channel) {
        const room = this.#hear(envelope);
        if (room) await room;
      }
      this.#die(this.#ended());
      await starting;
    } catch (error) {
      this.#die(asGatewayError(error));
    }
  }

  async #open(): Promise<Channel> {
    const { inner, context } = this.#options;
    const opening = this.#opening = new AbortController();
    const signal = AbortSignal.any([context.signal, opening.signal]);
    signal.throwIfAborted();
    this.#channel = await inner.open({ ...context, signal });
    this.#opening = undefined;
    return this.#channel;
  }

  /** Restores what was agreed, then hands on in order what the client said meanwhile. */
  async #start(channel: Channel): Promise<void> {
    const { inner: { name }, agreed, log } = this.#options;
    if (agreed) {
      const send = (envelope: Envelope) => channel.send(envelope);
      const ask = (request: Envelope) => this.#own.ask(request, send);
      const tell = (envelope: Envelope) => this.#tell(envelope);
      await restore({ name, ask, send, tell }, agreed, log);
    }
    if (this.#over) return;
    this.#options.onReady();
    while (this.#early && this.#early.weight > 0) {
      const early = await this.#early.next();
      if (!early.done) await this.#deliver(early.value);
    }
    this.#early = undefined;
    if (!this.#over) this.#phase = "flowing";
  }

  /** Hands on what the backend says; a promise where that has to be waited for. */
  #hear(envelope: Envelope): Promise<unknown> | undefined {
    if (this.#over) return undefined;
    const { kind, id } = envelope.head;
    if (kind === "response" && id !== null && id !== undefined) {
      if (this.#own.answered(envelope)) return undefined;
      // First, for it may find that the answer cannot be read, and then there is none.
      this.#options.agreement.answered(envelope);
      this.#requests.answered(id);
    }
    const outward = this.#renamed ? this.#renamed.outward(envelope) : envelope;
    if (!outward) {
      this.#logDropped("backend", envelope);
      return undefined;
    }
    this.#questions.said(outward);
    return this.#options.tell(outward);
  }

  /** A message as the backend is to know it; nothing when it is meant for one before it. */
  #inward(envelope: Envelope): Envelope | undefined {
    const { kind, id, method } = envelope.head;
    if (kind === "response") this.#questions.answered(id);
    if (!this.#renamed) return envelope;
    if (method === METHODS.cancelled) {
      const cancelled = requestIdOf(envelope);
      const isOpen = cancelled !== undefined && this.#requests.has(cancelled);
      return isOpen ? envelope : undefined;
    }
    return this.#renamed.inward(envelope);
  }

  /** What answers the backend itself goes `at once`: it may wait for that before it goes on with the handshake. */
  #carry(envelope: Envelope, when: "in turn" | "at once"): Promise<void> {
    if (this.#phase === "flowing" || when === "at once") {
      return this.#deliver(envelope);
    }
    if (this.#early && !this.#early.push(envelope)) this.#overrun(this.#early);
    return Promise.resolve();
  }

  #ended(): GatewayError {
    const { name } = this.#options.inner;
    const message = `Server "${name}" ended the session`;
    return new GatewayError("backend_unavailable", message);
  }

  #overrun({ fullBy }: Queue<Envelope>): void {
    const { name } = this.#options.inner;
    this.#die(
      new GatewayError(
        "backend_stalled",
        `Too much was sent before server "${name}" had started`,
        { fields: { limit: fullBy } },
      ),
    );
  }

  #deliver(envelope: Envelope): Promise<void> {
    const sent = this.#channel?.send(envelope);
    if (!sent) return Promise.resolve();
    return sent.catch((error) => this.#notSent(envelope, error));
  }

  /** Reading will tell how the conversation ended. */
  #notSent({ head: { kind, id } }: Envelope, error: unknown): void {
    if (kind !== "request" || !this.#requests.answered(id as RequestId)) {
      return;
    }
    this.#tell(Envelope.failure(id as RequestId, asGatewayError(error)));
  }

  #tell(envelope: Envelope): void {
    if (!this.#over) void this.#options.tell(envelope);
  }

  #die(reason: GatewayError): void {
    if (this.#over) return;
    this.#phase = "over";
    const refused = this.#refusedBy(reason);
    const cancellations = this.#questions.takeBack("the server has ended");
    const unanswered = this.#letGo(reason);
    this.#options.onDeath({ reason, unanswered, refused, cancellations });
  }

  /** Only a session that could be restored goes on with what was refused. */
  #refusedBy(reason: GatewayError): Envelope | undefined {
    const { agreement } = this.#options;
    if (!(reason instanceof SessionLost) || !agreement.agreed) return undefined;
    const { refused } = reason;
    return refused === undefined ? undefined : this.#requests.take(refused);
  }

  /** Frees what it holds; returns the requests that wait. */
  #letGo(reason: GatewayError): RequestId[] {
    this.#early?.drop();
    this.#own.giveUp(reason);
    return this.#requests.drop();
  }

  get #over(): boolean {
    return this.#phase === "over";
  }

  #logDropped(from: "client" | "backend", envelope: Envelope): void {
    const why = "it is about another life of the server";
    const fields = dropped(from, envelope, why);
    this.#options.log.debug("Message dropped", fields);
  }
}

function weigh({ bytes }: Envelope): number {
  return bytes.length;
}
