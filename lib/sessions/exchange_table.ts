// All exchanges under way: bounded in number, ended at shutdown.

import { Deadlines } from "../channel/deadlines.ts";
import { within } from "../channel/within.ts";
import type { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Log } from "../telemetry/log.ts";
import { Exchange } from "./exchange.ts";
import type { ExchangeOptions } from "./exchange.ts";
import type { SessionPlaces } from "./session_places.ts";

/** What a new exchange is begun for. */
export type NewExchange = Pick<
  ExchangeOptions,
  "request" | "owner" | "backend" | "inbound"
>;

/** The exchanges of a gateway; it owns them and ends them. */
export class ExchangeTable {
  readonly #limits: Limits;
  readonly #places: SessionPlaces;
  readonly #log: Log;
  readonly #deadlines = new Deadlines();
  readonly #live = new Set<Exchange>();
  #closing?: GatewayError;

  constructor(limits: Limits, places: SessionPlaces, log: Log) {
    this.#limits = limits;
    this.#places = places;
    this.#log = log;
  }

  /** Begins an exchange; resolves with its HTTP answer. Throws `too_many_sessions`, and why its backend admits no more. */
  async begin(one: NewExchange): Promise<Response> {
    if (this.#closing) throw this.#closing;
    this.#places.check(one.owner);
    one.backend.admit?.(one.owner);
    const exchange = new Exchange({
      ...one,
      limits: this.#limits,
      deadlines: this.#deadlines,
      log: this.#log,
    });
    // What its client has not read is held, too.
    exchange.gone.then(this.#places.take(one.owner));
    this.#live.add(exchange);
    exchange.ended.then(() => this.#live.delete(exchange));
    return await exchange.respond();
  }

  /** Begins no more, ends at once those that only listen, and the others when they have their answers, at the latest after `graceMs`. */
  async close(reason: GatewayError, graceMs: number): Promise<void> {
    this.#closing = reason;
    for (const one of this.#live) if (one.listens) one.close(reason);
    await within(this.#allEnded(), graceMs);
    for (const one of this.#live) one.close(reason);
    await this.#allEnded();
    this.#deadlines.clear();
  }

  #allEnded(): Promise<unknown> {
    return Promise.all([...this.#live].map(({ ended }) => ended));
  }
}
