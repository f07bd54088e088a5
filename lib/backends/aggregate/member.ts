// One server of a root session: begun with the client's own handshake, begun again when that failed, and kept apart from the others.

import type { Backend } from "../../backend.ts";
import { Envelope } from "../../channel/envelope.ts";
import { Queue } from "../../channel/queue.ts";
import { asGatewayError } from "../../errors.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { ownNotice } from "../own_messages.ts";
import type { Company } from "./company.ts";
import { introductionIn } from "./introduction.ts";
import type { Introduction } from "./introduction.ts";
import { Line } from "./line.ts";
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
  /** What the client says until the server has answered `initialize`. */
  readonly #early: Queue<Envelope>;
  readonly #retries = new Retries(() => void this.#tryAgain());
  readonly #closing = new AbortController();
  #phase: "idle" | "starting" | "ready" | "failed" | "over" = "idle";
  #line?: Line;
  /** Settles when nothing is left of the lines before. */
  #ending: Promise<unknown> = Promise.resolve();
  #started: Promise<void> = Promise.resolve();
  #failure?: GatewayError;
  #introduction?: Introduction;
  #life: "first" | "later";

  /** @param life whether the client has been told of the other servers already */
  constructor(
    backend: Backend,
    company: Company,
    life: "first" | "later" = "first",
  ) {
    const { limits, memory } = company.context;
    this.name = backend.name;
    this.#life = life;
    this.#backend = backend;
    this.#company = company;
    this.#log = company.log.with({ server: backend.name });
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

  /** What it has said of itself; nothing while it is not known. */
  get introduction(): Introduction | undefined {
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

  /** Takes a message of the client; a request is answered, if need be with an error. */
  send(envelope: Envelope): void {
    this.#passed.said(envelope);
    if (this.ready) return this.#line?.send(envelope);
    void this.start();
    if (this.#early.push(envelope)) return;
    const { id } = envelope.head;
    if (envelope.head.kind !== "request") return;
    this.#passed.forget(id as RequestId);
    const reason = tooEarly(this.name, this.#early.fullBy);
    void this.#company.tell(Envelope.failure(id as RequestId, reason));
  }

  /** Takes what the client tells everyone. A server that has not begun is not begun for it. */
  hear(notification: Envelope): void {
    if (this.#introduction) return this.#line?.send(notification);
    const isSaidLater = notification.head.method === METHODS.initialized;
    if (this.#phase !== "starting" || isSaidLater) return;
    this.#early.push(notification);
  }

  /** Takes what the client says about something that the server has asked; `false` where it is not this one's. */
  takesAnswer(envelope: Envelope): boolean {
    return this.#line?.takesAnswer(envelope) ?? false;
  }

  /** Asks for the gateway itself. Rejects when no answer will come. */
  ask(method: string, params?: Record<string, unknown>): Promise<Envelope> {
    return this.#line?.ask(method, params) ?? Promise.reject(ended(this.name));
  }

  /** Says something for the gateway itself, as it is; to whom has gone it is no news. */
  say(envelope: Envelope): void {
    this.#line?.send(envelope);
  }

  /** It did not do what it was asked: finds out in a while whether it works again, ever later while it does not. */
  doubt(): void {
    if (this.ready) this.#retries.later();
  }

  /** It did what it was asked. */
  trust(): void {
    this.#retries.done();
  }

  /** Ends it, while the session goes on: what waits is answered with the reason. */
  dismiss(reason: GatewayError): Promise<void> {
    for (const id of this.#passed.drop()) {
      void this.#company.tell(Envelope.failure(id, reason));
    }
    return this.close(reason);
  }

  /** Ends it. Resolves when nothing is left of it. */
  async close(reason?: Error): Promise<void> {
    this.#phase = "over";
    this.#retries.stop();
    this.#closing.abort(reason);
    this.#early.drop();
    await this.#line?.close(reason);
    await Promise.all([this.#started, this.#ending]);
  }

  async #start(): Promise<void> {
    try {
      const line = this.#line ?? await this.#open();
      const { handshake } = this.#company;
      const answer = await line.ask(METHODS.initialize, handshake.params);
      this.#introduction = introductionIn(answer, this.name);
      if (handshake.initialized) line.send(ownNotice(METHODS.initialized));
      while (this.#early.weight > 0 && this.#line === line) {
        const early = await this.#early.next();
        if (!early.done) line.send(early.value);
      }
      if (this.#over) return;
      if (this.#line !== line) throw ended(this.name);
      this.#phase = "ready";
    } catch (error) {
      return this.#fail(asGatewayError(error));
    }
    this.#failure = undefined;
    this.#retries.done();
    const life = this.#life;
    this.#life = "later";
    this.#company.onReady(life);
  }

  async #open(): Promise<Line> {
    const { context } = this.#company;
    await this.#ending;
    const signal = AbortSignal.any([context.signal, this.#closing.signal]);
    signal.throwIfAborted();
    const channel = await this.#backend.open({ ...context, signal });
    const line: Line = new Line({
      name: this.name,
      channel,
      company: this.#company,
      passed: this.#passed,
      log: this.#log,
      onEnd: (reason) => this.#ended(line, reason),
    });
    if (this.#over) await line.close();
    else this.#line = line;
    return line;
  }

  #ended(line: Line, reason: GatewayError): void {
    if (this.#over) return;
    this.#line = undefined;
    this.#ending = line.close(reason).catch((error) => {
      this.#log.error("Closing a backend failed", { error });
    });
    if (this.ready) this.#fail(reason);
  }

  async #tryAgain(): Promise<void> {
    if (!this.ready) return await this.start();
    const works = await this.ask(METHODS.ping).then(
      ({ tells }) => tells === undefined,
      () => false,
    );
    if (!this.ready) return;
    if (works) this.#company.onRevived();
    else this.#retries.later();
  }

  #fail(reason: GatewayError): void {
    if (this.#over) return;
    this.#phase = "failed";
    this.#failure = reason;
    this.#introduction = undefined;
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
