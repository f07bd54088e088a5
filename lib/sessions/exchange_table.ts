// All exchanges under way: bounded in number, ended at shutdown.

import { Deadlines } from "../channel/deadlines.ts";
import { within } from "../channel/within.ts";
import type { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Log } from "../telemetry/log.ts";
import { Exchange } from "./exchange.ts";
import type { ExchangeOptions } from "./exchange.ts";
import type { SessionPlaces } from "./session_places.ts";
import type { Judge, TableOptions } from "./table_options.ts";

/** What a new exchange is begun for. */
export type NewExchange = Pick<
  ExchangeOptions,
  "request" | "owner" | "backend" | "inbound"
>;

/** The exchanges of a gateway; it owns them and ends them. */
export class ExchangeTable {
  /** Of those that begin from now on. */
  limits: Limits;
  readonly #places: SessionPlaces;
  readonly #judge: Judge;
  readonly #log: Log;
  readonly #deadlines = new Deadlines();
  readonly #live = new Set<Exchange>();
  #closing?: GatewayError;

  constructor({ limits, places, judge, log }: TableOptions) {
    this.limits = limits;
    this.#places = places;
    this.#judge = judge;
    this.#log = log;
  }

  /** Who may use what has changed: ends the exchanges of those who may not any more. */
  review(): void {
    for (const exchange of this.#live) {
      const reason = this.#judge(exchange.server, exchange.owner);
      if (reason) exchange.close(reason);
    }
  }

  /** Begins an exchange; resolves with its HTTP answer. Throws what the judge says, `too_many_sessions`, and why its backend admits no more. */
  async begin(one: NewExchange): Promise<Response> {
    if (this.#closing) throw this.#closing;
    // It may have become so since the request was let in.
    const reason = this.#judge(one.backend.name, one.owner);
    if (reason) throw reason;
    this.#places.check(one.owner);
    one.backend.admit?.(one.owner);
    const exchange = new Exchange({
      ...one,
      limits: this.limits,
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
