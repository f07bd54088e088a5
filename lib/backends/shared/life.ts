// One life of a server that several conversations share: it begins with the question whether the server is of the modern era.

import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { Queue } from "../../channel/queue.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import { discoverRequest, discoveryIn } from "../discovery.ts";
import type { Discovery } from "../discovery.ts";
import { OwnRequests } from "../own_requests.ts";

/** What a life is begun with. */
export interface LifeOptions {
  readonly inner: Backend;
  readonly context: OpenContext;
  /** How long the server may take to answer the question, its start included, in milliseconds. */
  readonly limitMs: number;
  /** What it means when it has not: it has ended for that reason. */
  silence(limitMs: number): GatewayError;
  /** Settles when the one before has let go of what it held. */
  readonly turn: Promise<unknown>;
  /** Takes what the server says; a promise where that has to be waited for. */
  hear(envelope: Envelope): Promise<void> | undefined;
  /** The server is of the modern era: messages flow. */
  onReady(discovery: Discovery): void;
  /** Called once, unless it was closed; nothing is heard after it. */
  onDeath(reason: GatewayError): void;
}

/** Whoever begins a life closes it, also after its death. */
export class SharedLife {
  readonly #options: LifeOptions;
  readonly #closing = new AbortController();
  /** What is said until messages flow. */
  readonly #early: Queue<Envelope>;
  readonly #own = new OwnRequests();
  readonly #work: Promise<void>;
  #channel?: Channel;
  #phase: "starting" | "flowing" | "over" = "starting";
  /** Until the question is answered. */
  #clock?: ReturnType<typeof setTimeout>;

  constructor(options: LifeOptions) {
    const { limits, memory } = options.context;
    this.#options = options;
    this.#early = new Queue(limits.streamBytes, ({ weight }) => weight, memory);
    this.#work = this.#live();
  }

  /** Takes a message. Rejects when the server does not read any more; its death, if that follows, is told by itself. */
  send(envelope: Envelope): Promise<void> {
    if (this.#phase === "flowing") {
      return (this.#channel as Channel).send(envelope);
    }
    if (this.#early.push(envelope)) return Promise.resolve();
    const { inner: { name } } = this.#options;
    return Promise.reject(
      new GatewayError(
        "backend_stalled",
        `Too much was sent before server "${name}" had started`,
        { fields: { limit: this.#early.fullBy } },
      ),
    );
  }

  /** Ends it, or what is left of it. Resolves when that is done. May be called twice. */
  async close(reason?: Error): Promise<void> {
    this.#phase = "over";
    this.#closing.abort(reason);
    this.#letGo(asGatewayError(reason));
    await this.#channel?.close(reason);
    await this.#work;
  }

  async #live(): Promise<void> {
    try {
      await this.#options.turn;
      this.#startClock();
      const channel = await this.#open();
      const greeting = this.#greet(channel).catch((error) => {
        this.#die(asGatewayError(error));
      });
      await Promise.all([this.#read(channel), greeting]);
    } catch (error) {
      this.#die(asGatewayError(error));
    }
  }

  async #open(): Promise<Channel> {
    const { inner, context } = this.#options;
    const signal = AbortSignal.any([context.signal, this.#closing.signal]);
    signal.throwIfAborted();
    this.#channel = await inner.open({ ...context, signal });
    return this.#channel;
  }

  /** Then hands on in order what was said meanwhile. */
  async #greet(channel: Channel): Promise<void> {
    const discovery = await this.#discover(channel);
    if (this.#phase === "over") return;
    this.#options.onReady(discovery);
    while (this.#early.weight > 0) {
      const early = await this.#early.next();
      if (!early.done) await channel.send(early.value);
    }
    if (this.#phase === "starting") this.#phase = "flowing";
  }

  async #discover(channel: Channel): Promise<Discovery> {
    const { inner: { name } } = this.#options;
    const answer = await this.#own.ask(
      discoverRequest(),
      (request) => channel.send(request),
    );
    clearTimeout(this.#clock);
    return discoveryIn(name, answer);
  }

  #startClock(): void {
    if (this.#phase === "over") return;
    const { limitMs, silence } = this.#options;
    this.#clock = setTimeout(() => this.#die(silence(limitMs)), limitMs);
  }

  async #read(channel: Channel): Promise<void> {
    const { inner: { name }, hear } = this.#options;
    try {
      for await (const envelope of channel) {
        if (this.#phase === "over" || this.#isOwn(envelope)) continue;
        const room = hear(envelope);
        if (room) await room;
      }
      const message = `Server "${name}" has left`;
      this.#die(new GatewayError("backend_unavailable", message));
    } catch (error) {
      this.#die(asGatewayError(error));
    }
  }

  #isOwn(envelope: Envelope): boolean {
    const { kind, id } = envelope.head;
    return kind === "response" && typeof id === "string" &&
      this.#own.answered(envelope);
  }

  #die(reason: GatewayError): void {
    if (this.#phase === "over") return;
    this.#phase = "over";
    this.#letGo(reason);
    this.#options.onDeath(reason);
  }

  #letGo(reason: GatewayError): void {
    clearTimeout(this.#clock);
    this.#early.drop();
    this.#own.giveUp(reason);
  }
}
