// All sessions with one legacy server on behalf of modern clients: never shared between principals, bounded, ended when unused.

import type { Backend } from "../../backend.ts";
import { Deadlines } from "../../channel/deadlines.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import type { Fault } from "../../errors.ts";
import { sharingKey } from "../../principal.ts";
import type { Principal } from "../../principal.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { whenLost } from "../../backends/lost_server.ts";
import type { ClientSide } from "./client_side.ts";
import { ClientSessions } from "./client_sessions.ts";
import type { SessionOwner } from "./client_sessions.ts";
import { Lease } from "./lease.ts";
import type { Need } from "./lease.ts";
import { LegacySession } from "./legacy_session.ts";
import {
  allBusy,
  replaced,
  tooManySessions,
  tooManySides,
} from "./pool_refusals.ts";
import type { PoolBounds } from "./pool_bounds.ts";

/** What would be otherwise if others had ended. */
const FULL: ReadonlySet<Fault> = new Set([
  "too_many_children",
  "too_many_sessions",
]);

/** The use of a session, and those that it is one of. */
export interface Acquired {
  readonly lease: Lease;
  readonly sessions: ClientSessions;
}

/** The client sides of one principal, by key; the one that was used last is the last. */
type Sides = Map<string, ClientSessions>;

/** See above. */
export class SessionPool {
  readonly #backend: Backend;
  readonly #bounds: PoolBounds;
  readonly #log: Log;
  readonly #deadlines = new Deadlines();
  /** By principal; those without sessions are not listed. */
  readonly #owners = new Map<string, Sides>();
  readonly #ending = new Set<Promise<void>>();
  #count = 0;
  /** Whether the transport says of messages which request they belong to, as the last session has shown. */
  #relates?: boolean;
  #end?: GatewayError;

  constructor(backend: Backend, bounds: PoolBounds, log: Log) {
    this.#backend = backend;
    this.#bounds = bounds;
    this.#log = log;
  }

  /** The use of a session that has begun. Throws why there is none. */
  async acquire(
    client: ClientSide,
    need: Need,
    signal: AbortSignal,
  ): Promise<Acquired> {
    const deadline = performance.now() + client.limits.requestMs;
    let growth: "free" | "last" | "none" = "free";
    for (;;) {
      signal.throwIfAborted();
      const sessions = this.#sessionsOf(client);
      const lease = this.#tryLease(sessions, need, growth !== "none");
      const refusal = lease instanceof GatewayError
        ? lease
        : lease && await this.#begin(sessions, lease);
      if (lease instanceof Lease && !refusal) return { lease, sessions };
      if (!refusal) await this.#wait(sessions, deadline);
      else if (!FULL.has(refusal.fault)) throw refusal;
      else if (sessions.size > 0) growth = "none";
      else if (growth === "free" && this.#endUnused(client)) {
        await Promise.all(this.#ending);
        growth = "last";
      } else throw refusal;
    }
  }

  /** Some session of a principal. */
  anyOf(principal: Principal): LegacySession | undefined {
    const [sessions] = this.#sidesOf(principal).values();
    return sessions?.first;
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.#all.every(({ idle }) => idle);
  }

  /** Ends all, and begins no more. Resolves when nothing is left of them. */
  async close(reason: GatewayError): Promise<void> {
    this.#end = reason;
    for (const sessions of this.#all) sessions.close(reason);
    this.#deadlines.clear();
    await Promise.all(this.#ending);
  }

  #sessionsOf(client: ClientSide): ClientSessions {
    const { key, principal } = client;
    if (this.#end) throw this.#end;
    if (principal.revoked.aborted) {
      throw asGatewayError(principal.revoked.reason);
    }
    const sides = this.#sidesOf(principal);
    const sessions = sides.get(key) ?? this.#add(client);
    sides.delete(key);
    sides.set(key, sessions);
    this.#owners.set(sharingKey(principal), sides);
    return sessions;
  }

  get #all(): ClientSessions[] {
    return [...this.#owners.values()].flatMap((one) => [...one.values()]);
  }

  #sidesOf(principal: Principal): Sides {
    return this.#owners.get(sharingKey(principal)) ?? new Map();
  }

  #add(client: ClientSide): ClientSessions {
    const { key, principal } = client;
    this.#makeRoomFor(principal);
    const sessions: ClientSessions = new ClientSessions({
      client,
      deadlines: this.#deadlines,
      most: this.#bounds.sessions,
      make: (owner) => this.#make(owner),
      bury: (session, reason) => this.#bury(session, reason),
      onEmpty: () => {
        stopWatching();
        const sides = this.#sidesOf(principal);
        if (sides.get(key) === sessions) sides.delete(key);
        if (sides.size === 0) this.#owners.delete(sharingKey(principal));
      },
    });
    const stopWatching = whenLost(
      this.#backend.name,
      principal,
      (reason) => sessions.close(reason),
    );
    return sessions;
  }

  /** What a client says of itself costs a session each time it is something new. */
  #makeRoomFor(principal: Principal): void {
    const own = [...this.#sidesOf(principal).values()];
    if (own.length < this.#bounds.clientSides) return;
    const idle = own.find((sessions) => sessions.idle);
    if (!idle) throw tooManySides(principal, this.#bounds.clientSides);
    idle.close(replaced());
  }

  /** Nothing where one has to be waited for. Where a transport may tell what belongs to which request, that is found out first. */
  #tryLease(
    sessions: ClientSessions,
    need: Need,
    mayGrow: boolean,
  ): Lease | GatewayError | undefined {
    const lease = sessions.lease(need);
    if (lease) return lease;
    const isToBeFound = sessions.starting && this.#relates !== false;
    if (isToBeFound || !mayGrow || !sessions.mayGrow) return undefined;
    return this.#full(sessions.client) ?? sessions.grow(need);
  }

  /** Why there may be no more sessions. */
  #full({ principal, limits }: ClientSide): GatewayError | undefined {
    const { name } = this.#backend;
    const { sessions, sessionsPerToken } = limits;
    const own = [...this.#sidesOf(principal).values()]
      .reduce((sum, { size }) => sum + size, 0);
    if (own >= sessionsPerToken) {
      return tooManySessions(name, "sessionsPerToken", sessionsPerToken);
    }
    if (this.#count < sessions) return undefined;
    return tooManySessions(name, "sessions", sessions);
  }

  /** Why the session could not begin; nothing where it has. */
  async #begin(
    sessions: ClientSessions,
    lease: Lease,
  ): Promise<GatewayError | undefined> {
    try {
      this.#relates = (await lease.session.start()).relates;
      return undefined;
    } catch (error) {
      lease.release();
      return asGatewayError(error);
    } finally {
      sessions.settled();
    }
  }

  /** Ends what the principal does not use; whether there was something. */
  #endUnused({ principal }: ClientSide): boolean {
    return [...this.#sidesOf(principal).values()]
      .filter((sessions) => sessions.closeIdle(replaced())).length > 0;
  }

  async #wait(sessions: ClientSessions, deadline: number): Promise<void> {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw allBusy(this.#backend.name);
    const { patienceMs } = this.#bounds;
    if (await sessions.change(Math.min(leftMs, patienceMs))) return;
    sessions.endLongestParked("another call needs its session");
  }

  #make(owner: SessionOwner): LegacySession {
    this.#count++;
    const session: LegacySession = new LegacySession({
      backend: this.#backend,
      client: owner.client,
      log: this.#log,
      onNotice: (notice) => owner.onNotice(notice),
      onEnd: () => owner.onEnd(session),
    });
    return session;
  }

  #bury(session: LegacySession, reason: GatewayError): void {
    const closing = session.close(reason);
    background(this.#log, "Closing a session", closing);
    const gone: Promise<void> = closing.catch(() => {
      // Logged above; what could be freed is.
    }).finally(() => {
      this.#count--;
      this.#ending.delete(gone);
    });
    this.#ending.add(gone);
  }
}
