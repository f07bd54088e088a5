// Who may call: those with static tokens, and where there is an authorization server those with access tokens of it.

import type { Principal } from "../principal.ts";
import type { Route } from "../routing/routes.ts";
import type { Log } from "../telemetry/log.ts";
import type { Authenticator } from "./authenticator.ts";
import type { Stranger } from "./oauth/introspection.ts";
import { OAuthTokens } from "./oauth/oauth_tokens.ts";
import type { Door, Doors } from "./oauth/doors.ts";
import type { OAuthOptions } from "./oauth/options.ts";
import { announced } from "./oauth/refusals.ts";
import { bearerToken, StaticTokens } from "./static_tokens.ts";
import type { StaticTokensOptions } from "./static_tokens.ts";
import { asGatewayError } from "../errors.ts";

/** Whom there is, and what each may do. */
export interface CallersOptions extends StaticTokensOptions {
  /** Absent: static tokens alone, and nothing of OAuth is said. */
  readonly oauth?: OAuthOptions;
}

/** Static tokens first: who has one is let in at once, and nobody else is asked. */
export class Callers implements Authenticator {
  readonly #static: StaticTokens;
  readonly #access: OAuthTokens;

  constructor(options: CallersOptions, log: Log) {
    this.#static = new StaticTokens(options);
    this.#access = new OAuthTokens(log);
    this.#access.replace(options.oauth, options.servers);
  }

  /** The doors that access tokens open; absent where there is no authorization server. */
  get doors(): Doors | undefined {
    return this.#access.doors;
  }

  authenticate(
    headers: Headers,
    route: Route,
    stranger?: Stranger,
  ): Principal | Promise<Principal> {
    const { doors } = this.#access;
    const isStatic = "isStatic" in route && route.isStatic;
    if (!doors || isStatic) return this.#static.authenticate(headers);
    try {
      const token = bearerToken(headers);
      const found = this.#static.find(token);
      return found ?? this.#byAccess(token, route, doors, stranger);
    } catch (error) {
      throw announced(asGatewayError(error), doors.at(route));
    }
  }

  /** From now on there are these. See `StaticTokens` and `OAuthTokens`. */
  replace(options: CallersOptions): void {
    this.#static.replace(options);
    this.#access.replace(options.oauth, options.servers);
  }

  /** Tells who watches a principal that the policy or the servers may have changed. */
  tellChange(): void {
    this.#static.tellChange();
    this.#access.tellChange();
  }

  close(): void {
    this.#static.close();
    this.#access.close();
  }

  async #byAccess(
    token: string,
    route: Route,
    doors: Doors,
    stranger: Stranger | undefined,
  ): Promise<Principal> {
    const door: Door = doors.at(route);
    try {
      return await this.#access.authenticate(token, route, stranger);
    } catch (error) {
      throw announced(asGatewayError(error), door);
    }
  }
}
