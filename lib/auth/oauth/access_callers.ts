// Whoever has come with an access token that is still valid, each with what it opens.

import { clearInterval, setInterval } from "node:timers";
import { Secret } from "../../secret.ts";
import { AccessPrincipal } from "./access_principal.ts";
import { secondsIn, textsIn } from "./claims.ts";
import type { Claims, ValidToken } from "./claims.ts";
import type { Door, Doors } from "./doors.ts";
import { grantsIn, grantsText, holderOf } from "./grants.ts";
import type { OAuthRules } from "./oauth_policy.ts";
import { expiredAccessToken, invalidAccessToken } from "./refusals.ts";

/** How many are remembered; beyond it those are forgotten first that nobody has a session of. */
export const MAX_CALLERS = 4_096;

/** How often it is looked whose time is over, in milliseconds. */
export const SWEEP_MS = 1_000;

/** One of them. */
export interface Caller {
  readonly principal: AccessPrincipal;
  door: Door;
  /** Of the newest token. */
  claims: Claims;
  /** When the last of its tokens is over, in milliseconds since 1970; absent: none says. */
  expires?: number;
  /** The newest token, where its issuer has to be asked about it again. */
  opaque?: Secret;
  /** When it was last known to be valid, in milliseconds since 1970. */
  confirmed: number;
}

/** The callers of one gateway. */
export class AccessCallers {
  /** The one that came the longest ago first. */
  readonly #callers = new Map<string, Caller>();
  readonly #look: (caller: Caller, now: number) => "keep" | "forget";
  #sweeper?: ReturnType<typeof setInterval>;

  /** @param look told of each opaque token, every `SWEEP_MS` */
  constructor(look: (caller: Caller, now: number) => "keep" | "forget") {
    this.#look = look;
  }

  /** How many there are. */
  get size(): number {
    return this.#callers.size;
  }

  /** Whoever a valid token stands for, at the door that it was shown. */
  enter(
    valid: ValidToken,
    token: string,
    door: Door,
    rules: OAuthRules,
  ): AccessPrincipal {
    const { claims, expires, isOpaque } = valid;
    const { options } = rules;
    const holder = holderOf(claims, options.issuer);
    const grants = grantsIn(claims, rules);
    const key = keyOf(holder.generation, door, grantsText(grants));
    const known = alive(this.#callers.get(key));
    const now = Date.now();
    const { confirmed = now } = valid;
    const caller: Caller = known ?? {
      principal: new AccessPrincipal(holder, grants, { door, rules }),
      door,
      claims,
      expires,
      confirmed,
    };
    const since = secondsIn(claims, "iat") ?? now / 1_000;
    const isNewest = since >= caller.principal.rights.since;
    caller.principal.issued(since);
    if (isNewest) caller.claims = claims;
    caller.expires = later(caller.expires, expires);
    if (isOpaque && (isNewest || !caller.opaque)) {
      caller.opaque = new Secret(token);
      caller.confirmed = confirmed;
    }
    this.#callers.delete(key);
    this.#callers.set(key, caller);
    this.#makeRoom();
    this.#sweeper ??= this.#sweepAlways();
    return caller.principal;
  }

  /** The rules, or the doors, are others now: whoever keeps access goes on by them. */
  replace(rules: OAuthRules, doors: Doors): void {
    const before = [...this.#callers.values()];
    this.#callers.clear();
    for (const caller of before) {
      const { claims, principal } = caller;
      const door = doors.of(caller.door.place, caller.door.end);
      const isFor = textsIn(claims.aud).some((one) =>
        door.audiences.includes(one)
      );
      if (!isFor) {
        principal.revoke(invalidAccessToken("is for another resource"));
        continue;
      }
      const grants = grantsIn(claims, rules);
      principal.becomes(grants, { door, rules });
      const key = keyOf(principal.generation, door, grantsText(grants));
      // What was two before may be one now: whoever comes next is the other one.
      const free = this.#callers.has(key)
        ? `${key} ${crypto.randomUUID()}`
        : key;
      caller.door = door;
      this.#callers.set(free, caller);
    }
  }

  /** Ends those for whom there is a reason. */
  revoke(why: (caller: Caller) => string | undefined): void {
    for (const [key, caller] of this.#callers) {
      const reason = why(caller);
      if (reason === undefined) continue;
      this.#callers.delete(key);
      caller.principal.revoke(invalidAccessToken(reason));
    }
  }

  /** Tells who watches a principal that the policy or the servers may have changed. */
  tellChange(): void {
    for (const { principal } of this.#callers.values()) principal.tellChange();
  }

  /** Looks no more whose time is over. */
  close(): void {
    clearInterval(this.#sweeper);
  }

  #sweepAlways(): ReturnType<typeof setInterval> {
    const sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    // Nobody's end keeps the process.
    sweeper.unref();
    return sweeper;
  }

  #sweep(): void {
    const now = Date.now();
    for (const [key, caller] of this.#callers) {
      if (caller.expires !== undefined && caller.expires <= now) {
        this.#callers.delete(key);
        caller.principal.revoke(expiredAccessToken());
      } else if (caller.opaque && this.#look(caller, now) === "forget") {
        this.#callers.delete(key);
      }
    }
    if (this.#callers.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }

  /** Those with sessions are as many as the limit on sessions allows. */
  #makeRoom(): void {
    if (this.#callers.size <= MAX_CALLERS) return;
    for (const [key, { principal }] of this.#callers) {
      if (principal.isWatched) continue;
      this.#callers.delete(key);
      return;
    }
  }
}

/** What has ended is not begun again. */
function alive(caller: Caller | undefined): Caller | undefined {
  return caller?.principal.revoked.aborted ? undefined : caller;
}

/** Sessions at one door go on with tokens for it alone: those for others say nothing of it. */
function keyOf(generation: string, { resource }: Door, grants: string): string {
  return JSON.stringify([generation, resource, grants]);
}

function later(
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  return Math.max(one, other);
}
