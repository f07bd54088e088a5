// A conversation with a server that is filtered as soon as some rule restricts it, also where that comes later.

import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { OfferKind, RuleTexts } from "../principal.ts";
import { FilteredChannel } from "./filtered_channel.ts";
import type { FilteredOptions } from "./filtered_channel.ts";
import { OpenListens } from "./open_listens.ts";

type Step = IteratorResult<Envelope>;

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
  /** Settles what the consumer was given. */
  #settle?: (step: Step | Promise<Step>) => void;
  readonly #take = (step: Step) => this.#taken(step);
  readonly #fail = (reason: unknown) => {
    if (this.#settle) this.#taken(Promise.reject(reason));
  };

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
    this.#pending = this.#source.next();
    this.#pending.then(this.#take, this.#fail);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Where a filter has begun meanwhile, what the server says is for that. */
  #taken(step: Step | Promise<Step>): void {
    const settle = this.#settle;
    if (!settle) return;
    this.#pending = this.#settle = undefined;
    settle(step);
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
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(this.#filtered.next());
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
