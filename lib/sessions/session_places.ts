// How many sessions and exchanges there may be, in all and of each token, and who has one.

import { GatewayError, RETRY_LATER } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Principal } from "../principal.ts";

/** The limits on sessions, named as in the configuration. */
type SessionLimit = "sessions" | "sessionsPerToken";

/** The places of a gateway. An exchange takes one as long as it lasts: it holds as much as a session may. */
export class SessionPlaces {
  /** May be set to others; who has a place keeps it. */
  limits: Pick<Limits, SessionLimit>;
  #taken = 0;
  /** By the token's name; tokens without any are not listed. */
  readonly #ofToken = new Map<string, number>();

  constructor(limits: Pick<Limits, SessionLimit>) {
    this.limits = limits;
  }

  /** Throws `too_many_sessions` when there is no place for one more of `owner`. */
  check({ id }: Principal): void {
    const { sessions, sessionsPerToken } = this.limits;
    if ((this.#ofToken.get(id) ?? 0) >= sessionsPerToken) {
      throw tooMany("sessionsPerToken", `The token "${id}"`, sessionsPerToken);
    }
    if (this.#taken < sessions) return;
    throw tooMany("sessions", "The gateway", sessions);
  }

  /** Takes a place; returns how to give it back, once. Throws like `check()`. */
  take(owner: Principal): () => void {
    this.check(owner);
    this.#add(owner.id, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#add(owner.id, -1);
      isTaken = false;
    };
  }

  #add(token: string, change: 1 | -1): void {
    this.#taken += change;
    const count = (this.#ofToken.get(token) ?? 0) + change;
    if (count > 0) this.#ofToken.set(token, count);
    else this.#ofToken.delete(token);
  }
}

function tooMany(
  limit: SessionLimit,
  holder: string,
  most: number,
): GatewayError {
  return new GatewayError(
    "too_many_sessions",
    `${holder} has ${most} sessions open, which is the limit`,
    {
      hint: "End sessions that are no longer used, or raise " +
        `proxy.limits.${limit}`,
      headers: RETRY_LATER,
      fields: { limit },
    },
  );
}
