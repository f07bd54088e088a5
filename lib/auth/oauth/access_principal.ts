// The caller that access tokens stand for, as long as one of them with these grants is valid.

import type { GatewayError, GatewayErrorOptions } from "../../errors.ts";
import type { Decision, Rights } from "../../principal.ts";
import { TokenPrincipal } from "../token_principal.ts";
import type { Door } from "./doors.ts";
import { grantsText } from "./grants.ts";
import type { Grants, Holder } from "./grants.ts";
import { OAuthPolicy } from "./oauth_policy.ts";
import type { OAuthRules } from "./oauth_policy.ts";
import { accessDenied, insufficientScope } from "./refusals.ts";

/** Where such callers come in, and by which rules. */
export interface Reception {
  readonly door: Door;
  readonly rules: OAuthRules;
}

/** One for each subject, client, door and set of grants. */
export class AccessPrincipal extends TokenPrincipal {
  #grants: Grants;
  #door: Door;
  #text: string;
  #since = 0;

  constructor({ id, generation }: Holder, grants: Grants, where: Reception) {
    super(id, new OAuthPolicy(grants, where.rules), generation);
    this.#grants = grants;
    this.#text = grantsText(grants);
    this.#door = where.door;
  }

  get rights(): Rights {
    return { text: this.#text, since: this.#since };
  }

  /** A token with these grants was issued then, in seconds since 1970. */
  issued(seconds: number): void {
    this.#since = Math.max(this.#since, seconds);
  }

  /** From now on what it is granted is read, and judged, like this. */
  becomes(grants: Grants, { door, rules }: Reception): void {
    this.#grants = grants;
    this.#text = grantsText(grants);
    this.#door = door;
    this.follow(new OAuthPolicy(grants, rules));
  }

  refused(
    message: string,
    { needs }: Decision,
    options?: GatewayErrorOptions,
  ): GatewayError {
    if (!needs) return accessDenied(message, options);
    const { needed } = this.#door;
    const all = new Set([...needed, ...needs, ...this.#grants.scopes]);
    return insufficientScope(message, [...all], this.#door, options);
  }
}
