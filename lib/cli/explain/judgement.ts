// The rules as they are for who is asked about.

import { OAuthPolicy, oauthRules } from "../../auth/oauth/oauth_policy.ts";
import { Policy } from "../../auth/policy.ts";
import type { Judgement } from "../../auth/policy.ts";
import type { AccessRules } from "../../config/access_rules.ts";
import { callerText, grantsOf } from "./caller.ts";
import type { Caller } from "./caller.ts";

/** A static token by its name, or a caller with an access token. */
export type Who =
  | { readonly token: string; readonly caller?: undefined }
  | { readonly token?: undefined; readonly caller: Caller };

/** What is decided for them, as the gateway does. */
export function judgementFor(
  { token, caller }: Who,
  rules: AccessRules,
): Judgement {
  if (caller === undefined) return new Policy(token, rules);
  const { oauth, servers } = rules;
  if (oauth === undefined) throw new TypeError("there are no access tokens");
  const made = oauthRules(oauth, servers);
  return new OAuthPolicy(grantsOf(caller, made), made);
}

/** Whom a sentence begins with: `"ci"`, or `a caller with …`. */
export function whoText({ token, caller }: Who): string {
  return caller === undefined ? `"${token}"` : callerText(caller);
}
