// Scopes that are asked for in full, and that tokens have by their last name alone.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grantsIn } from "../../../lib/auth/oauth/grants.ts";
import {
  OAuthPolicy,
  oauthRules,
} from "../../../lib/auth/oauth/oauth_policy.ts";
import type { CallerRules } from "../../../lib/auth/oauth/options.ts";
import type { ServerAccess } from "../../../lib/auth/server_access.ts";

const BASE = "https://gw.example";
const DATABASE = `${BASE}/database/mcp/db.use`;
const READ = "api://gw/read";

const OPTIONS: CallerRules = {
  baseUrl: BASE,
  audiences: ["api://gw"],
  groupsClaim: ["groups"],
  allowedDomains: [],
  scopes: new Map([[READ, { servers: new Map() }]]),
};

const SERVERS = new Map<string, ServerAccess>([
  ["database", { authScopes: [DATABASE] }],
  ["other", { authScopes: ["https://other.example/mcp/x.use"] }],
  ["plain", { authScopes: ["a/b", "read"] }],
]);

const RULES = oauthRules(OPTIONS, SERVERS);

function scopesOf(claims: Record<string, unknown>): readonly string[] {
  return grantsIn(claims, RULES).scopes;
}

/** The servers that a token opens. */
function opened(claims: Record<string, unknown>): string[] {
  const policy = new OAuthPolicy(grantsIn(claims, RULES), RULES);
  return [...SERVERS.keys()].filter((server) =>
    policy.allows({ kind: "server", server }).allowed
  );
}

describe("a scope that the file names in full", () => {
  it("is had by who has its name, of a resource or audience of ours", () => {
    assert.deepEqual(scopesOf({ scp: "db.use" }), [DATABASE]);
    assert.deepEqual(opened({ scp: "db.use read" }), ["database"]);
    assert.deepEqual(opened({ scp: ["db.use", "read"] }), ["database"]);
  });

  it("is had by who has it in full", () => {
    assert.deepEqual(opened({ scope: `${DATABASE} ${READ}` }), ["database"]);
  });

  it("of somebody else's resource is had in full only", () => {
    assert.deepEqual(scopesOf({ scp: "x.use" }), ["x.use"]);
    assert.deepEqual(opened({ scp: "x.use read" }), []);
    assert.deepEqual(
      opened({ scope: "https://other.example/mcp/x.use read" }),
      ["other"],
    );
  });

  it("leaves the name itself, where that is one of the file, too", () => {
    assert.deepEqual(scopesOf({ scp: "read" }), ["read", READ]);
    assert.deepEqual(opened({ scp: "read", scope: "a/b" }), ["plain"]);
  });

  it("is what a caller without it is told to ask for, and nothing by its name", () => {
    const policy = new OAuthPolicy(grantsIn({ scp: "read" }, RULES), RULES);
    const decision = policy.allows({ kind: "server", server: "database" });
    assert.equal(decision.allowed, false);
    assert.deepEqual(decision.needs, [DATABASE]);
  });

  it("is no other scope that ends like it", () => {
    assert.deepEqual(scopesOf({ scp: "use" }), ["use"]);
    assert.deepEqual(scopesOf({ scp: "b" }), ["b"]);
    const near = oauthRules(
      { ...OPTIONS, baseUrl: "https://gw.exam", scopes: undefined },
      new Map([["x", { authScopes: [DATABASE] }]]),
    );
    assert.deepEqual(grantsIn({ scp: "db.use" }, near).scopes, ["db.use"]);
  });
});
