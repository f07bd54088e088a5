// All live sessions: found by id and owner, bounded in number, ended when idle.

import type { Backend } from "../backend.ts";
import { GatewayError } from "../errors.ts";
import { isSameOwner } from "../principal.ts";
import type { Principal } from "../principal.ts";
import type { Log } from "../telemetry/log.ts";
import type { ClientChannel } from "../transports/client/client_channel.ts";
import { labelOf, newSessionId, Session } from "./session.ts";
import type { SessionOptions } from "./session.ts";

/** Sessions in all. */
export const MAX_SESSIONS = 4_096;

/** Sessions of one token. */
export const MAX_SESSIONS_PER_TOKEN = 1_024;

/** A session without a message or an open stream ends after this long. */
export const IDLE_LIMIT_MS = 30 * 60_000;

const SWEEP_MS = 60_000;
const DRAIN_CHECK_MS = 20;
const RETRY_AFTER_S = 10;

/** What a new session is opened for. */
export interface Opening<C extends ClientChannel> {
  readonly owner: Principal;
  readonly transport: SessionOptions<C>["transport"];
  readonly backend: Backend;
  /** Makes the client's channel, once the id of the session is known; the log names the session. */
  readonly channel: (id: string, log: Log) => C;
}

/** The sessions of a gateway; it owns them and ends them. */
export class SessionTable {
  readonly #log: Log;
  /** Those that can be found, by id. */
  readonly #sessions = new Map<string, Session>();
  /** Those and the ones that are ending: of these, too, children may still run. */
  readonly #live = new Set<Session>();
  readonly #sweeper: ReturnType<typeof setInterval>;
  #closing?: GatewayError;

  constructor(log: Log) {
    this.#log = log;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  /** Opens a session. Throws `too_many_sessions`. */
  open<C extends ClientChannel>(opening: Opening<C>): Session<C> {
    const { owner, transport, backend } = opening;
    if (this.#closing) throw this.#closing;
    this.#checkRoom(owner);
    const id = newSessionId();
    const log = this.#log.with({
      token_name: owner.id,
      server: backend.name,
      session: labelOf(id),
    });
    const channel = opening.channel(id, log);
    const session = new Session({
      id,
      owner,
      transport,
      backend,
      channel,
      log,
    });
    this.#sessions.set(id, session as Session);
    this.#live.add(session as Session);
    session.ended.then(() => {
      this.#sessions.delete(id);
      this.#live.delete(session as Session);
    });
    session.start();
    return session;
  }

  /** The session with this id at this server, if the caller owns it. To anyone else it does not exist. */
  find<C extends ClientChannel>(
    id: string,
    server: string,
    caller: Principal,
    channelType: abstract new (...parts: never[]) => C,
  ): Session<C> | undefined {
    const session = this.#sessions.get(id);
    if (!session || session.server !== server) return undefined;
    if (!(session.channel instanceof channelType)) return undefined;
    if (isSameOwner(session.owner, caller)) return session as Session<C>;
    this.#log.warn("Session of another token asked for", {
      token_name: caller.id,
      server,
      session: session.label,
    });
    return undefined;
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

  #checkRoom(owner: Principal): void {
    const own = [...this.#live].filter((one) => one.owner.id === owner.id);
    const full = own.length >= MAX_SESSIONS_PER_TOKEN
      ? `The token "${owner.id}" has ${own.length} sessions open`
      : this.#live.size >= MAX_SESSIONS
      ? `The gateway has ${this.#live.size} sessions open`
      : undefined;
    if (!full) return;
    throw new GatewayError("too_many_sessions", full, {
      hint: "End sessions that are no longer used, then try again",
      headers: { "retry-after": String(RETRY_AFTER_S) },
    });
  }

  #sweep(): void {
    const now = Date.now();
    for (const session of this.#sessions.values()) {
      if (session.idleMs(now) < IDLE_LIMIT_MS) continue;
      const minutes = IDLE_LIMIT_MS / 60_000;
      void this.end(
        session,
        new GatewayError("client_gone", `Nothing was said for ${minutes} min`),
      );
    }
  }
}
