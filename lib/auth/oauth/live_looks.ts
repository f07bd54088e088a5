// Looks after opaque tokens while somebody has a session with one: their issuer may have revoked them.

import { GatewayError } from "../../errors.ts";
import type { Caller } from "./access_callers.ts";
import type { ValidToken } from "./claims.ts";
import type { Door } from "./doors.ts";
import { ACTIVE_MS } from "./introspection.ts";

/** As long a session goes on whose token cannot be asked about, in milliseconds. */
export const UNCONFIRMED_MS = 5 * 60_000;

/** Asks the issuer about a token. Rejects with why it is not valid, or not known to be. */
export type Ask = (token: string, door: Door) => Promise<ValidToken>;

/** The looks at the tokens of one gateway. */
export class LiveLooks {
  readonly #ask: Ask;
  readonly #asked = new Set<Caller>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Looks where it is time to. What nobody uses can be forgotten: it is looked at when it comes again. */
  readonly look = (caller: Caller, now: number): "keep" | "forget" => {
    const { principal, confirmed } = caller;
    if (principal.revoked.aborted) return "forget";
    if (now - confirmed < ACTIVE_MS || this.#asked.has(caller)) return "keep";
    if (!principal.isWatched) return "forget";
    this.#asked.add(caller);
    void this.#look(caller).finally(() => this.#asked.delete(caller));
    return "keep";
  };

  /** Never rejects. */
  async #look(caller: Caller): Promise<void> {
    const { opaque, door, principal } = caller;
    if (!opaque) return;
    try {
      const { expires, confirmed = Date.now() } = await this.#ask(
        opaque.reveal(),
        door,
      );
      caller.confirmed = confirmed;
      caller.expires = expires;
    } catch (error) {
      if (!(error instanceof GatewayError) || caller.opaque !== opaque) return;
      const isUnknown = error.fault === "issuer_unavailable";
      const isLate = Date.now() - caller.confirmed >= UNCONFIRMED_MS;
      if (!isUnknown || isLate) principal.revoke(error);
    }
  }
}
