// Lets callers in, and slows down who comes with wrong tokens again and again.

import { GatewayError } from "../errors.ts";
import type { Principal } from "../principal.ts";
import type { Route } from "../routing/routes.ts";
import type { Authenticator } from "./authenticator.ts";
import { tooManyWrongTokens } from "./challenge.ts";
import { WrongTokens } from "./wrong_tokens.ts";

/**
 * An authenticator that knows where callers come from. The token is always looked at first, so that a valid one
 * is served at once, whatever else came from its address; only the issuer is not asked about each further guess.
 */
export class Guard {
  readonly #authenticator: Authenticator;
  readonly #wrong: WrongTokens;

  constructor(authenticator: Authenticator, wrong = new WrongTokens()) {
    this.#authenticator = authenticator;
    this.#wrong = wrong;
  }

  /** Throws what the authenticator does, and `too_many_wrong_tokens`. */
  admit(
    headers: Headers,
    address: string,
    route?: Route,
  ): Principal | Promise<Principal> {
    try {
      const caller = this.#authenticator.authenticate(
        headers,
        route,
        this.#wrong.isOver(address) ? "refused" : "asked_about",
      );
      return caller instanceof Promise ? this.#known(caller, address) : caller;
    } catch (error) {
      throw this.#slowed(error, address);
    }
  }

  /** Watches no credential any more. */
  close(): void {
    this.#authenticator.close();
  }

  async #known(caller: Promise<Principal>, address: string) {
    try {
      return await caller;
    } catch (error) {
      throw this.#slowed(error, address);
    }
  }

  /** Who sends no token guesses none: that is how clients ask what is wanted. An access token that was valid is no guess either. */
  #slowed(error: unknown, address: string): unknown {
    if (!(error instanceof GatewayError) || error.fault !== "invalid_token") {
      return error;
    }
    const waitMs = this.#wrong.note(address);
    return waitMs === 0 ? error : tooManyWrongTokens(error, waitMs);
  }
}
