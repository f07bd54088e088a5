// A conversation with a server that is filtered as soon as some rule restricts it, also where that comes later.

import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { OfferKind, RuleTexts } from "../principal.ts";
import { FilteredChannel } from "./filtered_channel.ts";
import type { FilteredOptions } from "./filtered_channel.ts";
import { OpenListens } from "./open_listens.ts";

type Step = IteratorResult<Envelope>;

interface Waiting {
  resolve(step: Step | Promise<Step>): void;
  reject(reason: unknown): void;
}

const KINDS: readonly OfferKind[] = ["tool", "prompt", "resource"];

/** See `filtered()`. Without rules it hands messages on as they are. */
export class FilterableChannel implements Channel {
  readonly #inner: Channel;
  readonly #source: AsyncIterator<Envelope>;
  readonly #options: FilteredOptions;
  readonly #listens = new OpenListens();
  readonly #unwatch: () => void;
  #rules: RuleTexts;
  #filter?: FilteredChannel;
  #filtered?: AsyncIterator<Envelope>;
  /** What the server is to say next, while the consumer waits for it. */
  #pending?: Promise<Step>;
  #waiting?: Waiting;

  constructor(inner: Channel, options: FilteredOptions) {
    const { server, context: { principal } } = options;
    this.#inner = inner;
    this.#source = inner[Symbol.asyncIterator]();
    this.#options = options;
    this.#rules = principal.rules(server);
    if (principal.restricted(server).size > 0) this.#beginFiltering();
    this.#unwatch = principal.watch(() => this.#review());
  }

  send(envelope: Envelope): Promise<void> {
    this.#listens.said(envelope);
    return (this.#filter ?? this.#inner).send(envelope);
  }

  close(reason?: Error): Promise<void> {
    this.#unwatch();
    return (this.#filter ?? this.#inner).close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return { next: () => this.#filtered?.next() ?? this.#next() };
  }

  #next(): Promise<Step> {
    const pending = this.#source.next();
    this.#pending = pending;
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      this.#waiting = waiting;
      const settled = () => {
        const isOurs = this.#waiting === waiting;
        if (isOurs) this.#pending = this.#waiting = undefined;
        return isOurs;
      };
      pending.then(
        (step) => settled() && resolve(step),
        (reason) => settled() && reject(reason),
      );
    });
  }

  /** The policy may be another one now. */
  #review(): void {
    const { server, context: { principal } } = this.#options;
    const before = this.#rules;
    this.#rules = principal.rules(server);
    if (!this.#filter && principal.restricted(server).size > 0) {
      this.#beginFiltering();
    }
    const changed = KINDS.filter((kind) => before[kind] !== this.#rules[kind]);
    // What is listed has changed for the client.
    this.#filter?.tell(this.#listens.changed(changed));
  }

  #beginFiltering(): void {
    this.#filter = new FilteredChannel(this.#rest(), this.#options);
    this.#filtered = this.#filter[Symbol.asyncIterator]();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(this.#filtered.next());
  }

  /** The conversation from where it is. */
  #rest(): Channel {
    const inner = this.#inner;
    const next = () => {
      const pending = this.#pending;
      this.#pending = undefined;
      return pending ?? this.#source.next();
    };
    return {
      send: (envelope) => inner.send(envelope),
      close: (reason) => inner.close(reason),
      [Symbol.asyncDispose]: () => inner.close(),
      [Symbol.asyncIterator]: () => ({ next }),
    };
  }
}
