// All exchanges under way: bounded in number, ended at shutdown.

import { Deadlines } from "../channel/deadlines.ts";
import { within } from "../channel/within.ts";
import type { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Principal } from "../principal.ts";
import type { Log } from "../telemetry/log.ts";
import { Exchange } from "./exchange.ts";
import type { ExchangeOptions } from "./exchange.ts";
import { revocationOf } from "../principal.ts";
import type { SessionPlaces } from "./session_places.ts";
import type { Judge, TableOptions } from "./table_options.ts";

/** What a new exchange is begun for. */
export type NewExchange = Pick<
  ExchangeOptions,
  "request" | "owner" | "backend" | "inbound"
>;

/** What one owner has under way. */
interface Owned {
  readonly exchanges: Set<Exchange>;
  onRevoked(): void;
}

/** The exchanges of a gateway; it owns them and ends them. */
export class ExchangeTable {
  /** Of those that begin from now on. */
  limits: Limits;
  readonly #places: SessionPlaces;
  readonly #judge: Judge;
  readonly #log: Log;
  readonly #deadlines = new Deadlines();
  /** By owner: one listener for all of a token's exchanges costs less than one for each. */
  readonly #live = new Map<Principal, Owned>();
  #closing?: GatewayError;

  constructor({ limits, places, judge, log }: TableOptions) {
    this.limits = limits;
    this.#places = places;
    this.#judge = judge;
    this.#log = log;
  }

  /** Who may use what has changed: ends the exchanges of those who may not any more. */
  review(): void {
    for (const [owner, { exchanges }] of this.#live) {
      for (const exchange of exchanges) {
        const reason = this.#judge(exchange.server, owner);
        if (reason) exchange.close(reason);
      }
    }
  }

  /** Begins an exchange; resolves with its HTTP answer. Throws what the judge says, `too_many_sessions`, and why its backend admits no more. */
  async begin(one: NewExchange): Promise<Response> {
    const { owner, backend } = one;
    if (this.#closing) throw this.#closing;
    if (owner.revoked.aborted) throw revocationOf(owner);
    // It may have become so since the request was let in.
    const reason = this.#judge(backend.name, owner);
    if (reason) throw reason;
    this.#places.check(owner);
    backend.admit?.(owner);
    const exchange = new Exchange({
      ...one,
      limits: this.limits,
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
    const own = this.#live.get(owner)?.exchanges ?? this.#watch(owner);
    own.add(exchange);
    exchange.ended.then(() => {
      own.delete(exchange);
      this.#forgetIfOver(owner);
    });
  }

  /** Ends what belongs to an owner with its token. */
  #watch(owner: Principal): Set<Exchange> {
    const exchanges = new Set<Exchange>();
    const onRevoked = () => {
      for (const one of exchanges) one.close(revocationOf(owner));
      this.#forgetIfOver(owner);
    };
    this.#live.set(owner, { exchanges, onRevoked });
    owner.revoked.addEventListener("abort", onRevoked, { once: true });
    return exchanges;
  }

  /** Who comes with ever new credentials is not remembered for the next one. */
  #forgetIfOver(owner: Principal): void {
    const own = this.#live.get(owner);
    const mayGo = owner.revoked.aborted || owner.rights !== undefined;
    if (!own || own.exchanges.size > 0 || !mayGo) return;
    this.#live.delete(owner);
    owner.revoked.removeEventListener("abort", own.onRevoked);
  }

  #all(): Exchange[] {
    return [...this.#live.values()].flatMap(({ exchanges }) => [...exchanges]);
  }

  #allEnded(): Promise<unknown> {
    return Promise.all(this.#all().map(({ ended }) => ended));
  }
}
