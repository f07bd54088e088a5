// All sessions with one legacy server on behalf of modern clients: never shared between principals, bounded, ended when unused.

import type { Backend } from "../../backend.ts";
import { Deadlines } from "../../channel/deadlines.ts";
import { asGatewayError, GatewayError, RETRY_SOON } from "../../errors.ts";
import type { Principal } from "../../principal.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { ownerKey } from "./client_side.ts";
import type { ClientSide } from "./client_side.ts";
import { ClientSessions } from "./client_sessions.ts";
import type { SessionOwner } from "./client_sessions.ts";
import type { Lease, Need } from "./lease.ts";
import { LegacySession } from "./legacy_session.ts";

/** The bounds of a pool. */
export interface PoolBounds {
  /** Sets of capabilities of one principal. */
  readonly clientSides: number;
  /** Sessions of one set: as many calls can be asked something at once. */
  readonly sessions: number;
  /** How long a call waits for a session before it takes that of one which waits for its client, in milliseconds. */
  readonly patienceMs: number;
}

/** What holds for every server. */
export const POOL_BOUNDS: PoolBounds = {
  clientSides: 8,
  sessions: 8,
  patienceMs: 5_000,
};

/** See above. */
export class SessionPool {
  readonly #backend: Backend;
  readonly #bounds: PoolBounds;
  readonly #log: Log;
  readonly #deadlines = new Deadlines();
  /** By the key of the client side; the one that was used last is the last. */
  readonly #sides = new Map<string, ClientSessions>();
  readonly #ending = new Set<Promise<void>>();
  /** Whether the transport says of messages which request they belong to, as the last session has shown. */
  #relates?: boolean;
  #end?: GatewayError;

  constructor(backend: Backend, bounds: PoolBounds, log: Log) {
    this.#backend = backend;
    this.#bounds = bounds;
    this.#log = log;
  }

  /** The use of a session that has begun, and those that it is one of. Throws why there is none. */
  async acquire(
    client: ClientSide,
    need: Need,
    signal: AbortSignal,
  ): Promise<{ readonly lease: Lease; readonly sessions: ClientSessions }> {
    const deadline = performance.now() + client.limits.requestMs;
    let growth: "free" | "last" | "none" = "free";
    for (;;) {
      signal.throwIfAborted();
      const sessions = this.#sessionsOf(client);
      const lease = this.#tryLease(sessions, need, growth !== "none");
      if (!lease) {
        await this.#wait(sessions, deadline);
        continue;
      }
      const failure = await this.#begin(sessions, lease);
      if (!failure) return { lease, sessions };
      const isFull = failure.fault === "too_many_children";
      if (isFull && sessions.size > 0) growth = "none";
      else if (isFull && growth === "free" && await this.#endOthers(client)) {
        growth = "last";
      } else throw failure;
    }
  }

  /** Some session of a principal. */
  anyOf(principal: Principal): LegacySession | undefined {
    return this.#sidesOf(principal)[0]?.first;
  }

  /** Ends all, and begins no more. Resolves when nothing is left of them. */
  async close(reason: GatewayError): Promise<void> {
    this.#end = reason;
    for (const sessions of this.#sides.values()) sessions.close(reason);
    this.#deadlines.clear();
    await Promise.all(this.#ending);
  }

  #sessionsOf(client: ClientSide): ClientSessions {
    if (this.#end) throw this.#end;
    const { revoked } = client.principal;
    if (revoked.aborted) throw asGatewayError(revoked.reason);
    const known = this.#sides.get(client.key);
    this.#sides.delete(client.key);
    const sessions = known ?? this.#add(client);
    this.#sides.set(client.key, sessions);
    return sessions;
  }

  #add(client: ClientSide): ClientSessions {
    this.#makeRoomFor(client.principal);
    const { revoked } = client.principal;
    const onRevoked = () => sessions.close(asGatewayError(revoked.reason));
    const sessions: ClientSessions = new ClientSessions({
      client,
      deadlines: this.#deadlines,
      most: this.#bounds.sessions,
      make: (owner) => this.#make(owner),
      bury: (session, reason) => this.#bury(session, reason),
      onEmpty: () => {
        revoked.removeEventListener("abort", onRevoked);
        if (this.#sides.get(client.key) === sessions) {
          this.#sides.delete(client.key);
        }
      },
    });
    revoked.addEventListener("abort", onRevoked, { once: true });
    return sessions;
  }

  /** What a client says of itself costs a session each time it is something new. */
  #makeRoomFor(principal: Principal): void {
    const own = this.#sidesOf(principal);
    if (own.length < this.#bounds.clientSides) return;
    const idle = own.find((sessions) => sessions.idle);
    if (!idle) throw tooManySides(principal, this.#bounds.clientSides);
    idle.close(replaced());
  }

  #sidesOf(principal: Principal): ClientSessions[] {
    const owner = ownerKey(principal);
    return [...this.#sides].filter(([key]) => key.startsWith(owner))
      .map(([_key, sessions]) => sessions);
  }

  /** Where a transport may tell what belongs to which request, that is found out first. */
  #tryLease(
    sessions: ClientSessions,
    need: Need,
    mayGrow: boolean,
  ): Lease | undefined {
    const lease = sessions.lease(need);
    if (lease) return lease;
    const isToBeFound = sessions.starting && this.#relates !== false;
    if (isToBeFound || !mayGrow || !sessions.mayGrow) return undefined;
    return sessions.grow(need);
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
  async #endOthers({ principal }: ClientSide): Promise<boolean> {
    const ended = this.#sidesOf(principal)
      .filter((sessions) => sessions.closeIdle(replaced()));
    await Promise.all(this.#ending);
    return ended.length > 0;
  }

  async #wait(sessions: ClientSessions, deadline: number): Promise<void> {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw allBusy(this.#backend.name);
    const { patienceMs } = this.#bounds;
    if (await sessions.change(Math.min(leftMs, patienceMs))) return;
    sessions.endLongestParked("another call needs its session");
  }

  #make(owner: SessionOwner): LegacySession {
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
    }).finally(() => this.#ending.delete(gone));
    this.#ending.add(gone);
  }
}

function tooManySides({ id }: Principal, most: number): GatewayError {
  return new GatewayError(
    "overloaded",
    `Requests of the token "${id}" under way at this server come from ` +
      `${most} clients that can do different things`,
    { hint: "Wait for answers before sending more", headers: RETRY_SOON },
  );
}

function allBusy(name: string): GatewayError {
  return new GatewayError(
    "overloaded",
    `All sessions with server "${name}" are in use`,
    { hint: "Wait for answers before sending more", headers: RETRY_SOON },
  );
}

function replaced(): GatewayError {
  return new GatewayError("client_gone", "Another client needs the session");
}
