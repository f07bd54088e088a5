// One server of a root session: begun with the client's own handshake, begun again when that failed, and kept apart from the others.

import type { Backend } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { Envelope } from "../../channel/envelope.ts";
import { pong } from "../../channel/ping.ts";
import { Queue } from "../../channel/queue.ts";
import { asGatewayError } from "../../errors.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { dropped } from "../dropped.ts";
import { ownNotice, ownRequest } from "../own_messages.ts";
import { OwnRequests } from "../own_requests.ts";
import { RenamedRequests } from "../renamed_requests.ts";
import type { Company } from "./company.ts";
import { introductionIn } from "./introduction.ts";
import type { Introduction } from "./introduction.ts";
import { PassedRequests } from "./passed_requests.ts";
import { ended, tooEarly } from "./refusals.ts";
import { Retries } from "./retries.ts";

/** Whoever makes one closes it. */
export class Member {
  readonly name: string;
  readonly #backend: Backend;
  readonly #company: Company;
  readonly #log: Log;
  readonly #passed = new PassedRequests();
  readonly #own = new OwnRequests();
  readonly #renamed: RenamedRequests;
  /** What the client says until the server has answered `initialize`. */
  readonly #early: Queue<Envelope>;
  readonly #retries = new Retries(() => void this.#tryAgain());
  readonly #closing = new AbortController();
  #phase: "idle" | "starting" | "ready" | "failed" | "over" = "idle";
  #channel?: Channel;
  #reading: Promise<void> = Promise.resolve();
  #started: Promise<void> = Promise.resolve();
  #failure?: GatewayError;
  #introduction: Introduction = { capabilities: {} };

  constructor(backend: Backend, company: Company) {
    const { limits, memory } = company.context;
    this.name = backend.name;
    this.#backend = backend;
    this.#company = company;
    this.#log = company.log.with({ server: backend.name });
    this.#renamed = new RenamedRequests(limits.requestsPerSession);
    this.#early = new Queue(
      limits.streamBytes,
      ({ bytes }) => bytes.length,
      memory,
    );
  }

  /** Whether messages flow. */
  get ready(): boolean {
    return this.#phase === "ready";
  }

  /** Why it could not be started, the last time. */
  get failure(): GatewayError | undefined {
    return this.#failure;
  }

  /** Without capabilities before it has answered `initialize`. */
  get introduction(): Introduction {
    return this.#introduction;
  }

  /** Begins it, unless that is done or under way. Resolves when it is ready or has failed; never rejects. */
  start(): Promise<void> {
    if (this.#phase === "idle" || this.#phase === "failed") {
      this.#phase = "starting";
      this.#started = this.#start();
    }
    return this.#started;
  }

  /** Whether a request of the client waits for its answer here. */
  has(id: RequestId): boolean {
    return this.#passed.has(id);
  }

  /** Takes a message of the client. A request is answered, if need be with an error. Never rejects. */
  send(envelope: Envelope): Promise<void> {
    this.#passed.said(envelope);
    if (this.#phase === "ready") return this.#deliver(envelope);
    void this.start();
    if (!this.#early.push(envelope)) {
      this.#notSent(envelope, tooEarly(this.name, this.#early.fullBy));
    }
    return Promise.resolve();
  }

  /** Takes what the client says about something that the server has asked; `false` where it is not this one's. */
  takesAnswer(envelope: Envelope): boolean {
    const inward = this.#renamed.inward(envelope);
    if (!inward) return false;
    void this.#deliver(inward);
    return true;
  }

  /** Asks for the gateway itself. Rejects when no answer will come. */
  ask(method: string, params?: Record<string, unknown>): Promise<Envelope> {
    const request = ownRequest(method, params);
    return this.#own.ask(request, (asked) => this.#write(asked));
  }

  /** Says something for the gateway itself, as it is; for whom has gone it is no news. */
  say(envelope: Envelope): void {
    void this.#deliver(envelope);
  }

  /** It did not do what it was asked: finds out in a while whether it works again. */
  doubt(): void {
    if (this.ready) this.#retries.later();
  }

  /** Ends it. Resolves when nothing is left of it. */
  async close(reason?: Error): Promise<void> {
    this.#phase = "over";
    this.#retries.stop();
    this.#closing.abort(reason);
    this.#early.drop();
    this.#own.giveUp(asGatewayError(reason));
    await this.#channel?.close(reason);
    await Promise.all([this.#started, this.#reading]);
  }

  async #start(): Promise<void> {
    try {
      await this.#open();
      const { handshake } = this.#company;
      const answer = await this.ask(METHODS.initialize, handshake.params);
      this.#introduction = introductionIn(answer, this.name);
      if (handshake.initialized) this.say(ownNotice(METHODS.initialized));
      this.#failure = undefined;
      this.#retries.done();
      await this.#flush();
      if (this.#over) return;
      if (!this.#channel) throw ended(this.name);
      this.#phase = "ready";
      this.#company.onReady();
    } catch (error) {
      this.#fail(asGatewayError(error));
    }
  }

  async #tryAgain(): Promise<void> {
    if (!this.ready) return await this.start();
    const works = await this.ask(METHODS.ping).then(
      ({ tells }) => tells === undefined,
      () => false,
    );
    if (!this.ready) return;
    if (!works) return this.#retries.later();
    this.#retries.done();
    this.#company.onReady();
  }

  async #open(): Promise<void> {
    if (this.#channel) return;
    const { context } = this.#company;
    const signal = AbortSignal.any([context.signal, this.#closing.signal]);
    signal.throwIfAborted();
    const channel = await this.#backend.open({ ...context, signal });
    if (this.#over) return await channel.close();
    this.#channel = channel;
    this.#reading = this.#read(channel);
  }

  async #flush(): Promise<void> {
    while (this.#early.weight > 0 && !this.#over) {
      const early = await this.#early.next();
      if (!early.done) await this.#deliver(early.value);
    }
  }

  async #read(channel: Channel): Promise<void> {
    let reason: GatewayError;
    try {
      for await (const envelope of channel) {
        const room = this.#hear(envelope);
        if (room) await room;
      }
      reason = ended(this.name);
    } catch (error) {
      reason = asGatewayError(error);
    }
    if (this.#over) return;
    this.#channel = undefined;
    background(this.#log, "Closing a backend", channel.close(reason));
    this.#own.giveUp(reason);
    if (this.#phase === "ready") this.#fail(reason);
  }

  #hear(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, method } = envelope.head;
    if (kind === "response" && this.#own.answered(envelope)) return undefined;
    const answer = pong(envelope);
    if (answer) return this.#deliver(answer);
    if (kind === "response" || method === METHODS.progress) {
      if (this.#passed.heard(envelope)) return this.#company.tell(envelope);
      return this.#drop(envelope);
    }
    const related = this.#passed.related(envelope);
    if (this.#company.takes(related)) return undefined;
    const outward = this.#renamed.outward(related);
    return outward ? this.#company.tell(outward) : this.#drop(envelope);
  }

  #drop(envelope: Envelope): undefined {
    const why = "it is about nothing that this server was asked";
    this.#log.warn("Message dropped", dropped("backend", envelope, why));
  }

  #deliver(envelope: Envelope): Promise<void> {
    return this.#write(envelope).catch((error) => {
      this.#notSent(envelope, asGatewayError(error));
    });
  }

  #write(envelope: Envelope): Promise<void> {
    return this.#channel?.send(envelope) ?? Promise.reject(ended(this.name));
  }

  #notSent({ head: { kind, id } }: Envelope, reason: GatewayError): void {
    if (kind !== "request" || !this.#passed.forget(id as RequestId)) return;
    void this.#company.tell(Envelope.failure(id as RequestId, reason));
  }

  #fail(reason: GatewayError): void {
    if (this.#over) return;
    this.#phase = "failed";
    this.#failure = reason;
    while (this.#early.weight > 0) void this.#early.next();
    for (const id of this.#passed.drop()) {
      void this.#company.tell(Envelope.failure(id, reason));
    }
    this.#retries.later();
  }

  get #over(): boolean {
    return this.#phase === "over";
  }
}
