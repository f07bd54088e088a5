// What each scope of the configuration lets its holder use, compiled when a server is first asked about.

import { decided } from "../rule.ts";
import type { ServerAccess } from "../server_access.ts";
import { policyBehind } from "../server_policy.ts";
import type { ServerPolicy } from "../server_policy.ts";
import type { CallerRules } from "./options.ts";

/** The policy of one scope at one server. */
export interface ScopedPolicy {
  /** Absent: that of every caller, where no scopes are configured. */
  readonly scope?: string;
  readonly policy: ServerPolicy;
}

/** The policies of all scopes. */
export class ScopePolicies {
  readonly #options: CallerRules;
  readonly #servers: ReadonlyMap<string, ServerAccess>;
  readonly #compiled = new Map<string, readonly ScopedPolicy[]>();

  constructor(
    options: CallerRules,
    servers: ReadonlyMap<string, ServerAccess>,
  ) {
    this.#options = options;
    this.#servers = servers;
  }

  /** In the order of the file; none for a server that is not known. */
  at(server: string): readonly ScopedPolicy[] {
    const found = this.#compiled.get(server);
    if (found !== undefined) return found;
    const access = this.#servers.get(server);
    // Unknown names are not kept: there is no end to them.
    if (access === undefined) return [];
    const made = this.#compile(server, access);
    this.#compiled.set(server, made);
    return made;
  }

  #compile(server: string, access: ServerAccess): readonly ScopedPolicy[] {
    // Who may use the server is decided for all scopes together.
    const entry = decided("allowed", `server "${server}" may be used`);
    const { scopes } = this.#options;
    if (scopes === undefined) {
      const owner = "every caller";
      const rules = { access, scope: undefined };
      return [{ policy: policyBehind(entry, { owner, server }, rules) }];
    }
    return [...scopes].map(([scope, rules]) => {
      const owner = `scope "${scope}"`;
      const policy = policyBehind(entry, { owner, server }, {
        access,
        scope: rules,
      });
      return { scope, policy };
    });
  }
}
