// All live sessions: found by id and owner, bounded in number, ended when idle.

import type { Backend } from "../backend.ts";
import { Memory } from "../channel/memory.ts";
import { GatewayError } from "../errors.ts";
import { cameAgain, ownerOf } from "../following_principal.ts";
import type { Limits } from "../limits.ts";
import { isSameOwner } from "../principal.ts";
import type { Principal } from "../principal.ts";
import type { Log } from "../telemetry/log.ts";
import type {
  ClientChannel,
  ClientChannelOptions,
} from "../transports/client/client_channel.ts";
import { PostedBodies } from "./posted_bodies.ts";
import { labelOf, newSessionId, Session } from "./session.ts";
import type { SessionOptions } from "./session.ts";
import type { SessionPlaces } from "./session_places.ts";
import type { Judge, TableOptions } from "./table_options.ts";

/** How often idle sessions are looked for, at most and at least; in between it is a tenth of the limit. */
const LONGEST_SWEEP_MS = 60_000;
const SHORTEST_SWEEP_MS = 100;
const DRAIN_CHECK_MS = 20;

/** What a new session is opened for. */
export interface Opening<C extends ClientChannel> {
  readonly owner: Principal;
  readonly transport: SessionOptions<C>["transport"];
  readonly backend: Backend;
  readonly path: SessionOptions<C>["path"];
  /** Makes the client's channel, once the id of the session is known. */
  readonly channel: (id: string, options: ClientChannelOptions) => C;
}

/** The sessions of a gateway; it owns them and ends them. */
export class SessionTable {
  /** What clients post is read by it. */
  readonly bodies: PostedBodies;
  readonly #log: Log;
  readonly #judge: Judge;
  #limits: Limits;
  /** Those that can be found, by id. */
  readonly #sessions = new Map<string, Session>();
  /** Those and the ones that are ending: of these, too, children may still run. */
  readonly #live = new Set<Session>();
  readonly #places: SessionPlaces;
  #sweeper: ReturnType<typeof setInterval>;
  #closing?: GatewayError;

  constructor({ limits, places, log, judge }: TableOptions) {
    this.#limits = limits;
    this.#places = places;
    this.#judge = judge;
    this.#log = log;
    this.bodies = new PostedBodies(limits.clientMessageBytes);
    this.#sweeper = this.#sweepEvery(limits.idleMs / 10);
  }

  /** Sets other limits: for sessions that are opened from now on, and on how long any may be idle. */
  set limits(limits: Limits) {
    if (this.#closing) return;
    this.#limits = limits;
    this.#places.limits = limits;
    this.bodies.maxBytes = limits.clientMessageBytes;
    clearInterval(this.#sweeper);
    this.#sweeper = this.#sweepEvery(limits.idleMs / 10);
  }

  /** Who may have a session has changed: ends those that nobody may have any more. */
  review(): void {
    for (const session of this.#sessions.values()) {
      const reason = this.#judge(session.server, session.owner);
      if (reason) void this.end(session, reason);
    }
  }

  /** Opens a session. Throws what the judge says, `too_many_sessions`, or why its backend admits no more. */
  open<C extends ClientChannel>(opening: Opening<C>): Session<C> {
    const { transport, backend, path } = opening;
    if (this.#closing) throw this.#closing;
    // It may have become so since the request was let in.
    const reason = this.#judge(backend.name, opening.owner);
    if (reason) throw reason;
    this.#places.check(opening.owner);
    backend.admit?.(opening.owner);
    const owner = ownerOf(opening.owner);
    const id = newSessionId();
    const log = this.#log.with({
      token_name: owner.id,
      server: backend.name,
      session: labelOf(id),
    });
    const limits = this.#limits;
    const memory = new Memory(limits.sessionBytes);
    const channel = opening.channel(id, { log, limits, memory });
    const session = new Session({
      id,
      owner,
      transport,
      backend,
      path,
      channel,
      limits,
      memory,
      log,
    });
    const leave = this.#places.take(owner);
    session.start();
    this.#enter(session as Session, leave);
    return session;
  }

  /** The session with this id that was opened at this path, if the caller owns it. To anyone else it does not exist. Throws what `cameAgain()` does. */
  find<C extends ClientChannel>(
    id: string,
    path: string,
    caller: Principal,
    channelType: abstract new (...parts: never[]) => C,
  ): Session<C> | undefined {
    const session = this.#sessions.get(id);
    if (!session || session.path !== path) return undefined;
    if (!(session.channel instanceof channelType)) return undefined;
    if (isSameOwner(session.owner, caller)) {
      cameAgain(session.owner, caller);
      return session as Session<C>;
    }
    this.#log.warn("Session of another token asked for", {
      token_name: caller.id,
      server: session.server,
      session: session.label,
    });
    return undefined;
  }

  /** How a session is named in the log, whether or not there is one with this id. */
  label(id: string): string {
    return this.#sessions.get(id)?.label ?? labelOf(id);
  }

  /** Ends one session; it cannot be found from now on. */
  end(session: Session, reason?: GatewayError): Promise<void> {
    this.#sessions.delete(session.id);
    return session.close(reason);
  }

  /** Opens no more sessions, and ends each as soon as it has no call under way, at the latest after `graceMs`. */
  async close(reason: GatewayError, graceMs: number): Promise<void> {
    clearInterval(this.#sweeper);
    this.#closing = reason;
    const deadline = Date.now() + graceMs;
    const closed = new Set<Session>();
    while (this.#live.size > 0) {
      const late = Date.now() >= deadline;
      for (const session of this.#live) {
        if (closed.has(session)) continue;
        if (!late && session.channel.openCalls > 0) continue;
        closed.add(session);
        void session.close(reason);
      }
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
    }
  }

  #enter(session: Session, leave: () => void): void {
    this.#sessions.set(session.id, session);
    this.#live.add(session);
    session.ended.then(() => {
      this.#sessions.delete(session.id);
      this.#live.delete(session);
      leave();
    });
  }

  #sweepEvery(wantedMs: number): ReturnType<typeof setInterval> {
    const often = Math.max(wantedMs, SHORTEST_SWEEP_MS);
    return setInterval(() => this.#sweep(), Math.min(often, LONGEST_SWEEP_MS));
  }

  #sweep(): void {
    const now = Date.now();
    const { idleMs } = this.#limits;
    const why = `Nothing was said for ${idleMs / 1_000} s`;
    const fields = { limit: "idle" };
    for (const session of this.#sessions.values()) {
      if (session.idleMs(now) < idleMs) continue;
      void this.end(session, new GatewayError("client_gone", why, { fields }));
    }
  }
}
