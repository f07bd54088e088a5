// What a caller with an access token may do at all servers.

import type {
  Capability,
  Decision,
  OfferKind,
  RuleTexts,
} from "../../principal.ts";
import { EVERYTHING, NO_RULES } from "../policy.ts";
import type { Judgement } from "../policy.ts";
import type { ServerAccess } from "../server_access.ts";
import { entryDecision } from "./entry.ts";
import { fullScopes } from "./full_scopes.ts";
import type { FullScopes } from "./full_scopes.ts";
import type { Grants } from "./grants.ts";
import type { CallerRules, OAuthOptions } from "./options.ts";
import { ScopePolicies } from "./scope_policies.ts";
import type { ScopedPolicy } from "./scope_policies.ts";

/** Every rule there is for such callers. */
export interface OAuthRules<Options extends CallerRules = OAuthOptions> {
  readonly options: Options;
  /** By the server's name. */
  readonly servers: ReadonlyMap<string, ServerAccess>;
  /** Compiled for all callers. */
  readonly scopes: ScopePolicies;
  readonly fullScopes: FullScopes;
}

/** Puts the rules together. */
export function oauthRules<Options extends CallerRules>(
  options: Options,
  servers: ReadonlyMap<string, ServerAccess>,
): OAuthRules<Options> {
  return {
    options,
    servers,
    scopes: new ScopePolicies(options, servers),
    fullScopes: fullScopes(options, servers),
  };
}

const KINDS: readonly OfferKind[] = ["tool", "prompt", "resource"];

/** Answers for one set of grants: what any of its scopes lets through is allowed. */
export class OAuthPolicy implements Judgement {
  readonly #grants: Grants;
  readonly #rules: OAuthRules<CallerRules>;

  constructor(grants: Grants, rules: OAuthRules<CallerRules>) {
    this.#grants = grants;
    this.#rules = rules;
  }

  /** Whether the caller may do this; a server that is not known allows nothing. */
  allows(capability: Capability): Decision {
    const { server } = capability;
    const { servers, options } = this.#rules;
    const access = servers.get(server);
    if (!access) {
      return { allowed: false, rule: `there is no server "${server}"` };
    }
    const entry = entryDecision(this.#grants, { access, server, options });
    if (!entry.allowed || capability.kind === "server") return entry;
    return this.#judged(capability);
  }

  /** See `Principal`: what one of its scopes leaves open is not restricted. */
  restricted(server: string): ReadonlySet<OfferKind> {
    if (!this.#mayUse(server)) return EVERYTHING;
    const granted = this.#granted(server);
    return new Set(
      KINDS.filter((kind) =>
        granted.every(({ policy }) => policy.restricted.has(kind))
      ),
    );
  }

  /** See `Principal`: what is shown depends on the scopes that could be added, too. */
  rules(server: string): RuleTexts {
    const all = this.#rules.scopes.at(server);
    if (all.length === 0) return NO_RULES;
    const allowed = this.#mayUse(server);
    const text = (kind: OfferKind) => {
      // Where no scope restricts anything, it does not matter which there are.
      const isOpen = all.every(({ policy }) => !policy.restricted.has(kind));
      const scopes = isOpen
        ? []
        : all.map((one) => [this.#has(one), one.policy.texts[kind]]);
      return JSON.stringify([allowed, scopes]);
    };
    return {
      tool: text("tool"),
      prompt: text("prompt"),
      resource: text("resource"),
    };
  }

  #mayUse(server: string): boolean {
    return this.allows({ kind: "server", server }).allowed;
  }

  #judged(capability: Capability): Decision {
    const all = this.#rules.scopes.at(capability.server);
    const decisions = all.filter((one) => this.#has(one))
      .map(({ policy }) => policy.decide(capability));
    const best = decisions.find(({ allowed }) => allowed) ??
      decisions.find(({ dependsOn }) => dependsOn) ??
      decisions[0] as Decision;
    if (best.allowed) return best;
    const other = all.find((one) =>
      !this.#has(one) && one.policy.decide(capability).allowed
    );
    return other?.scope === undefined
      ? best
      : { ...best, needs: [other.scope] };
  }

  #granted(server: string): readonly ScopedPolicy[] {
    return this.#rules.scopes.at(server).filter((one) => this.#has(one));
  }

  #has({ scope }: ScopedPolicy): boolean {
    return scope === undefined || this.#grants.scopes.includes(scope);
  }
}
