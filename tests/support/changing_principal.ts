// A principal whose rules the test changes while sessions are open.

import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { OpenContext } from "../../lib/backend.ts";
import { Policy } from "../../lib/auth/policy.ts";
import { TokenPrincipal } from "../../lib/auth/token_principal.ts";
import type { ScopeRules } from "../../lib/auth/scope.ts";
import { Memory } from "../../lib/channel/memory.ts";

/** The token "ci": which servers it may use, and which of their tools. */
export interface ChangingRules {
  readonly servers: readonly string[];
  /** Absent: all. */
  readonly tools?: readonly string[];
}

/** The context of its session, and what changes its rules. */
export function changingContext(rules: ChangingRules) {
  const principal = new TokenPrincipal("ci", policyOf(rules));
  const context: OpenContext = {
    principal,
    limits: DEFAULT_LIMITS,
    memory: new Memory(DEFAULT_LIMITS.sessionBytes),
    session: "test",
    signal: new AbortController().signal,
  };
  const change = (rules: ChangingRules) => {
    principal.follow(policyOf(rules));
    principal.tellChange();
  };
  return { context, change };
}

function policyOf({ servers, tools }: ChangingRules): Policy {
  const path = "proxy.auth.tokens.ci.tools.allow";
  const patterns = tools?.map((text) => ({ path, text, shown: text }));
  const scope: ScopeRules = patterns
    ? { tools: { allow: { path, patterns } } }
    : {};
  return new Policy("ci", {
    servers: new Map(servers.map((name) => [name, {}])),
    scopes: new Map([["ci", { ...scope, servers: new Map() }]]),
  });
}
