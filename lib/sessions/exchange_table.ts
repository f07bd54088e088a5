// All exchanges under way: bounded in number, ended at shutdown.

import { Deadlines } from "../channel/deadlines.ts";
import { within } from "../channel/within.ts";
import type { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Principal } from "../principal.ts";
import type { Log } from "../telemetry/log.ts";
import { Exchange } from "./exchange.ts";
import type { ExchangeOptions } from "./exchange.ts";
import { revocation } from "./session.ts";
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
  /** By owner: one listener for all of a token's exchanges costs less than one for each. */
  readonly #live = new Map<Principal, Set<Exchange>>();
  #closing?: GatewayError;

  constructor(limits: Limits, places: SessionPlaces, log: Log) {
    this.#limits = limits;
    this.#places = places;
    this.#log = log;
  }

  /** Begins an exchange; resolves with its HTTP answer. Throws `too_many_sessions`, and why its backend admits no more. */
  async begin(one: NewExchange): Promise<Response> {
    const { owner, backend } = one;
    if (this.#closing) throw this.#closing;
    if (owner.revoked.aborted) throw revocation(owner);
    this.#places.check(owner);
    backend.admit?.(owner);
    const exchange = new Exchange({
      ...one,
      limits: this.#limits,
      deadlines: this.#deadlines,
      log: this.#log,
    });
    // What its client has not read is held, too.
    exchange.gone.then(this.#places.take(owner));
    this.#enter(owner, exchange);
    return await exchange.respond();
  }

  /** Begins no more, ends at once those that only listen, and the others when they have their answers, at the latest after `graceMs`. */
  async close(reason: GatewayError, graceMs: number): Promise<void> {
    this.#closing = reason;
    for (const one of this.#all()) if (one.listens) one.close(reason);
    await within(this.#allEnded(), graceMs);
    for (const one of this.#all()) one.close(reason);
    await this.#allEnded();
    this.#deadlines.clear();
  }

  #enter(owner: Principal, exchange: Exchange): void {
    const own = this.#live.get(owner) ?? this.#watch(owner);
    own.add(exchange);
    exchange.ended.then(() => {
      own.delete(exchange);
      this.#forgetIfOver(owner);
    });
  }

  /** Ends what belongs to an owner with its token. */
  #watch(owner: Principal): Set<Exchange> {
    const own = new Set<Exchange>();
    this.#live.set(owner, own);
    owner.revoked.addEventListener("abort", () => {
      for (const one of own) one.close(revocation(owner));
      this.#forgetIfOver(owner);
    }, { once: true });
    return own;
  }

  #forgetIfOver(owner: Principal): void {
    const isOver = owner.revoked.aborted && this.#live.get(owner)?.size === 0;
    if (isOver) this.#live.delete(owner);
  }

  #all(): Exchange[] {
    return [...this.#live.values()].flatMap((own) => [...own]);
  }

  #allEnded(): Promise<unknown> {
    return Promise.all(this.#all().map(({ ended }) => ended));
  }
}
