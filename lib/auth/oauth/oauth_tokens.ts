// Access tokens of an authorization server: who comes with one, and what it opens.

import type { Principal } from "../../principal.ts";
import type { Route } from "../../routing/routes.ts";
import type { Log } from "../../telemetry/log.ts";
import { unknownToken } from "../challenge.ts";
import type { ServerAccess } from "../server_access.ts";
import { AccessCallers } from "./access_callers.ts";
import { Doors } from "./doors.ts";
import type { Door } from "./doors.ts";
import { Introspection } from "./introspection.ts";
import type { Stranger } from "./introspection.ts";
import { Issuer } from "./issuer.ts";
import { isSigned, validJwt } from "./jwt.ts";
import { LiveLooks } from "./live_looks.ts";
import { oauthRules } from "./oauth_policy.ts";
import type { OAuthRules } from "./oauth_policy.ts";
import type { OAuthOptions } from "./options.ts";
import type { ValidToken } from "./claims.ts";

/** What one configuration makes of them. */
interface State {
  readonly options: OAuthOptions;
  readonly rules: OAuthRules;
  readonly doors: Doors;
  readonly issuer: Issuer;
  readonly introspection?: Introspection;
}

/** The access tokens of a gateway, which may have no authorization server. */
export class OAuthTokens {
  readonly #log: Log;
  readonly #callers: AccessCallers;
  readonly #looks: LiveLooks;
  #state?: State;

  constructor(log: Log) {
    this.#log = log;
    this.#looks = new LiveLooks((token, door) => this.#ask(token, door));
    this.#callers = new AccessCallers(this.#looks.look);
  }

  /** The doors of the gateway; absent where no access tokens are taken. */
  get doors(): Doors | undefined {
    return this.#state?.doors;
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#callers.size;
  }

  /** Who comes with a token to a door. Rejects with why nobody does. */
  async authenticate(
    token: string,
    route: Route,
    stranger?: Stranger,
  ): Promise<Principal> {
    const state = this.#state;
    if (!state) throw unknownToken();
    const door = state.doors.at(route);
    const valid = await validIn(state, token, door, stranger);
    // What was valid by another configuration need not be by this one.
    if (this.#state !== state) {
      return await this.authenticate(token, route, stranger);
    }
    return this.#callers.enter(valid, token, door, state.rules);
  }

  /** From now on these are the options; absent: no access token is taken. Whoever keeps access goes on by the new rules. */
  replace(
    options: OAuthOptions | undefined,
    servers: ReadonlyMap<string, ServerAccess>,
  ): void {
    const before = this.#state;
    if (!options) {
      this.#state = undefined;
      return this.#callers.revoke(() => "is not taken any more");
    }
    const state = stateOf(options, servers, this.#log, before);
    this.#state = state;
    if (before && !isSameSigner(before.options, options)) {
      return this.#callers.revoke(() => "is of an issuer of before");
    }
    this.#callers.revoke(({ opaque }) =>
      opaque && !options.introspection ? "cannot be checked" : undefined
    );
    this.#callers.replace(state.rules, state.doors);
  }

  /** Tells who watches a principal that the policy or the servers may have changed. */
  tellChange(): void {
    this.#callers.tellChange();
  }

  /** Watches no token any more. */
  close(): void {
    this.#callers.close();
  }

  #ask(token: string, door: Door): Promise<ValidToken> {
    const { introspection } = this.#state ?? {};
    if (!introspection) return Promise.reject(unknownToken());
    return introspection.valid(token, door.audiences);
  }
}

function validIn(
  { issuer, introspection }: State,
  token: string,
  { audiences }: Door,
  stranger?: Stranger,
): Promise<ValidToken> {
  if (isSigned(token)) return validJwt(token, audiences, issuer);
  if (introspection) return introspection.valid(token, audiences, stranger);
  return Promise.reject(unknownToken());
}

/** What is known of an issuer is kept as long as it is asked in the same way. */
function stateOf(
  options: OAuthOptions,
  servers: ReadonlyMap<string, ServerAccess>,
  log: Log,
  before: State | undefined,
): State {
  const rules = oauthRules(options, servers);
  const doors = new Doors(options, servers);
  if (before && isAskedAlike(before.options, options)) {
    const { issuer, introspection } = before;
    return { options, rules, doors, issuer, introspection };
  }
  const issuer = new Issuer(options, log);
  const introspection = options.introspection &&
    new Introspection(issuer, options.introspection);
  return { options, rules, doors, issuer, introspection };
}

function isSameSigner(one: OAuthOptions, other: OAuthOptions): boolean {
  return one.issuer === other.issuer &&
    one.jwksUri?.href === other.jwksUri?.href;
}

function isAskedAlike(one: OAuthOptions, other: OAuthOptions): boolean {
  const [a, b] = [one.introspection, other.introspection];
  return isSameSigner(one, other) && a?.clientId === b?.clientId &&
    a?.endpoint?.href === b?.endpoint?.href &&
    a?.clientSecret.reveal() === b?.clientSecret.reveal();
}
