// The sessions that the requests of one client side share: one for most, more where a server could not tell who is asked.

import type { Deadlines } from "../../channel/deadlines.ts";
import type { Deadline } from "../../channel/deadlines.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { GatewayError } from "../../errors.ts";
import type { ClientSide } from "./client_side.ts";
import { collide, Lease } from "./lease.ts";
import type { Need } from "./lease.ts";
import type { LegacySession } from "./legacy_session.ts";
import { ToolCatalog } from "./tool_catalog.ts";

/** How long a session beside the first is kept without use, in milliseconds. */
export const EXTRA_IDLE_MS = 60_000;

const TOOLS_CHANGED = "notifications/tools/list_changed";

/** What the sessions of one client side need. */
export interface ClientSessionsOptions {
  readonly client: ClientSide;
  readonly deadlines: Deadlines;
  /** How many there may be. */
  readonly most: number;
  /** Makes one; it is begun by who uses it. */
  make(owner: SessionOwner): LegacySession;
  /** Closes one that was made. */
  bury(session: LegacySession, reason: GatewayError): void;
  /** Called when none is left, and nobody waits for one. */
  onEmpty(): void;
}

/** Who listens to what is about no request. */
export interface Listener {
  /** Takes a notification; a promise where that has to be waited for. */
  hear(notice: Envelope): Promise<unknown> | undefined;
  /** A session has ended. */
  ended(session: LegacySession): void;
}

/** Who hears what its sessions tell. */
export interface SessionOwner {
  readonly client: ClientSide;
  /** Takes a notification; a promise where that has to be waited for. */
  onNotice(notice: Envelope): Promise<unknown> | undefined;
  onEnd(session: LegacySession): void;
}

interface Kept {
  readonly session: LegacySession;
  readonly leases: Set<Lease>;
  idle?: Deadline;
}

/** See above. */
export class ClientSessions implements SessionOwner {
  readonly client: ClientSide;
  readonly listeners = new Set<Listener>();
  /** What is known of the server's tools. */
  readonly tools = new ToolCatalog();
  readonly #options: ClientSessionsOptions;
  /** The oldest first: it is used before the others, so that what it knows is not lost. */
  #kept: Kept[] = [];
  #waiting: (() => void)[] = [];

  constructor(options: ClientSessionsOptions) {
    this.#options = options;
    this.client = options.client;
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.#waiting.length === 0 &&
      this.#kept.every(({ leases }) => leases.size === 0);
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#kept.length;
  }

  /** The first of them. */
  get first(): LegacySession | undefined {
    return this.#kept[0]?.session;
  }

  /** The use of one that is there; nothing where a request of this kind needs another one. */
  lease(need: Need): Lease | undefined {
    const free = this.#kept.find(({ session, leases }) =>
      session.introduction?.relates ||
      [...leases].every((lease) => !collide(lease.need, need))
    );
    return free && this.#lend(free, need);
  }

  /** Whether one more may be made. */
  get mayGrow(): boolean {
    return this.#kept.length < this.#options.most;
  }

  /** The use of a new one. */
  grow(need: Need): Lease {
    const kept = {
      session: this.#options.make(this),
      leases: new Set<Lease>(),
    };
    this.#kept.push(kept);
    return this.#lend(kept, need);
  }

  /** Resolves when something has changed, at the latest after `limitMs`; whether it has. */
  async change(limitMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = () => resolve(true);
    this.#waiting.push(wake);
    const timer = setTimeout(() => resolve(false), limitMs);
    const changed = await promise;
    clearTimeout(timer);
    this.#waiting = this.#waiting.filter((other) => other !== wake);
    return changed;
  }

  /** Whether one was begun whose server has said nothing of itself yet. */
  get starting(): boolean {
    return this.#kept.some(({ session }) => !session.introduction);
  }

  /** One of them has begun, or could not. */
  settled(): void {
    this.#changed();
  }

  /** Ends the call that has waited for its client for longest, if there is one. */
  endLongestParked(why: string): boolean {
    const parked = this.#kept.flatMap(({ leases }) =>
      [...leases].flatMap(({ parked }) => parked ?? [])
    ).toSorted((a, b) => a.since - b.since);
    parked[0]?.end(why);
    return parked.length > 0;
  }

  /** Closes the sessions that nothing is under way in. */
  closeIdle(reason: GatewayError): boolean {
    const idle = this.#kept.filter(({ leases }) => leases.size === 0);
    for (const { session } of idle) this.#close(session, reason);
    return idle.length > 0;
  }

  /** Closes all. */
  close(reason: GatewayError): void {
    for (const { session } of [...this.#kept]) this.#close(session, reason);
  }

  onNotice(notice: Envelope): Promise<unknown> | undefined {
    if (notice.head.method === TOOLS_CHANGED) this.tools.forget();
    const waits = [...this.listeners].flatMap((one) => one.hear(notice) ?? []);
    return waits.length > 0 ? Promise.all(waits) : undefined;
  }

  onEnd(session: LegacySession): void {
    const gone = this.#kept.find((one) => one.session === session);
    if (!gone) return;
    this.#options.deadlines.end(gone.idle);
    this.#kept = this.#kept.filter((one) => one !== gone);
    for (const one of [...this.listeners]) one.ended(session);
    // It has ended by itself: what is left of it is to be freed.
    this.#options.bury(session, ended());
    this.#changed();
  }

  #lend(kept: Kept, need: Need): Lease {
    this.#options.deadlines.end(kept.idle);
    kept.idle = undefined;
    const lease = new Lease(kept.session, need, () => {
      kept.leases.delete(lease);
      if (kept.leases.size === 0) this.#rest(kept);
      this.#changed();
    });
    kept.leases.add(lease);
    return lease;
  }

  /** Nothing uses it now: it ends if that stays so. */
  #rest(kept: Kept): void {
    if (!this.#kept.includes(kept)) return;
    const { client: { limits: { idleMs } }, deadlines } = this.#options;
    const isFirst = this.#kept[0] === kept;
    const ms = isFirst ? idleMs : Math.min(idleMs, EXTRA_IDLE_MS);
    kept.idle = deadlines.start(
      ms,
      () => this.#close(kept.session, unused(ms)),
    );
  }

  #close(session: LegacySession, reason: GatewayError): void {
    this.#kept = this.#kept.filter((one) => one.session !== session);
    this.#options.bury(session, reason);
    for (const one of [...this.listeners]) one.ended(session);
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
    if (this.#kept.length === 0 && this.#waiting.length === 0) {
      this.#options.onEmpty();
    }
  }
}

function ended(): GatewayError {
  return new GatewayError("backend_unavailable", "The session has ended");
}

function unused(ms: number): GatewayError {
  return new GatewayError(
    "client_gone",
    `Nothing was asked for ${ms / 1_000} s`,
    { fields: { limit: "idle" } },
  );
}
