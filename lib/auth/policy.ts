// What one token may do at all servers.

import type {
  Capability,
  Decision,
  OfferKind,
  RuleTexts,
} from "../principal.ts";
import type { TokenScope } from "./scope.ts";
import type { ServerAccess } from "./server_access.ts";
import { serverPolicy } from "./server_policy.ts";
import type { ServerPolicy } from "./server_policy.ts";

/** Every rule there is. */
export interface PolicyOptions {
  /** By the server's name. */
  readonly servers: ReadonlyMap<string, ServerAccess>;
  /** By the token's name; a token that has none is not restricted. */
  readonly scopes: ReadonlyMap<string, TokenScope>;
}

/** Of what nobody may use. */
export const EVERYTHING: ReadonlySet<OfferKind> = new Set([
  "tool",
  "prompt",
  "resource",
]);

/** Of a server that there is not. */
export const NO_RULES: RuleTexts = {
  tool: "none",
  prompt: "none",
  resource: "none",
};

/** What a principal asks. */
export type Judgement = Pick<Policy, "allows" | "restricted" | "rules">;

/** Answers for one token, from rules that are compiled when a server is first asked about. */
export class Policy {
  readonly #token: string;
  readonly #options: PolicyOptions;
  readonly #compiled = new Map<string, ServerPolicy>();

  constructor(token: string, options: PolicyOptions) {
    this.#token = token;
    this.#options = options;
  }

  /** Whether the token may do this; a server that is not known allows nothing. */
  allows(capability: Capability): Decision {
    const { server } = capability;
    const rules = this.#rulesOf(server);
    if (rules !== undefined) return rules.decide(capability);
    return { allowed: false, rule: `there is no server "${server}"` };
  }

  /** The kinds of offers of a server that some rule restricts. */
  restricted(server: string): ReadonlySet<OfferKind> {
    return this.#rulesOf(server)?.restricted ?? EVERYTHING;
  }

  /** See `Principal`. */
  rules(server: string): RuleTexts {
    return this.#rulesOf(server)?.texts ?? NO_RULES;
  }

  #rulesOf(server: string): ServerPolicy | undefined {
    const found = this.#compiled.get(server);
    if (found !== undefined) return found;
    const { servers, scopes } = this.#options;
    const access = servers.get(server);
    // Unknown names are not kept: there is no end to them.
    if (access === undefined) return undefined;
    const token = this.#token;
    const made = serverPolicy({ token, server }, access, scopes.get(token));
    this.#compiled.set(server, made);
    return made;
  }
}
