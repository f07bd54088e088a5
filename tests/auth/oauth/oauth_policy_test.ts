// What a caller with an access token may do: the rules of servers, and those of its scopes together.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Grants } from "../../../lib/auth/oauth/grants.ts";
import {
  OAuthPolicy,
  oauthRules,
} from "../../../lib/auth/oauth/oauth_policy.ts";
import type { OAuthOptions } from "../../../lib/auth/oauth/options.ts";
import type { TokenScope } from "../../../lib/auth/scope.ts";
import type { ServerAccess } from "../../../lib/auth/server_access.ts";
import { oauthOptions } from "../../support/oauth_options.ts";

const NONE: Grants = { scopes: [], groups: [], isOfDomain: true };

function policy(
  grants: Partial<Grants>,
  access: ServerAccess = {},
  options: Partial<OAuthOptions> = {},
): OAuthPolicy {
  const servers = new Map([["files", access]]);
  const rules = oauthRules(oauthOptions(options), servers);
  return new OAuthPolicy({ ...NONE, ...grants }, rules);
}

function entry(...parts: Parameters<typeof policy>) {
  const { allowed, needs } = policy(...parts).allows({
    kind: "server",
    server: "files",
  });
  return needs ? { allowed, needs } : { allowed };
}

function tool(one: OAuthPolicy, name: string, readOnlyHint?: boolean) {
  const asked = { kind: "tool", server: "files", name, readOnlyHint } as const;
  const { allowed, needs, dependsOn } = one.allows(asked);
  return { allowed, needs, dependsOn };
}

function allowing(...names: string[]): TokenScope {
  const patterns = names.map((text) => ({ text, shown: text, path: "p" }));
  return { servers: new Map(), tools: { allow: { path: "p", patterns } } };
}

const OPEN: TokenScope = { servers: new Map() };
const READING: TokenScope = { servers: new Map(), readOnly: { path: "r" } };

const DENIED = { allowed: false };
const ALLOWED = { allowed: true };

describe("a caller with an access token, at a server", () => {
  it("that says nothing is let in", () => {
    assert.deepEqual(entry({}), ALLOWED);
  });

  it("that lists tokens alone is not", () => {
    assert.deepEqual(entry({}, { authTokens: ["ci"] }), DENIED);
    assert.deepEqual(entry({}, { authTokens: [] }), DENIED);
  });

  it("that lists tokens and scopes is let in by the scopes", () => {
    const access = { authTokens: ["ci"], authScopes: ["use"] };
    assert.deepEqual(entry({ scopes: ["use"] }, access), ALLOWED);
  });

  it("needs all scopes, and is told those that are missing", () => {
    const access = { authScopes: ["a", "b", "c"] };
    assert.deepEqual(entry({ scopes: ["b"] }, access), {
      allowed: false,
      needs: ["a", "c"],
    });
    assert.deepEqual(entry({ scopes: ["c", "a", "b"] }, access), ALLOWED);
  });

  it("needs one of the groups, which no scope makes up for", () => {
    const access = { authGroups: ["dba", "sre"], authScopes: ["use"] };
    const inGroup = { groups: ["sre"] };
    assert.deepEqual(entry({ scopes: ["use"] }, access), DENIED);
    assert.deepEqual(entry(inGroup, access), {
      allowed: false,
      needs: ["use"],
    });
    assert.deepEqual(entry({ ...inGroup, scopes: ["use"] }, access), ALLOWED);
    assert.deepEqual(entry({ groups: ["SRE"] }, access), DENIED);
  });

  it("that lists no group at all is let in nowhere", () => {
    assert.deepEqual(entry({ groups: ["any"] }, { authGroups: [] }), DENIED);
  });

  it("needs a domain that is allowed, which nothing makes up for", () => {
    const access = { authScopes: ["use"] };
    assert.deepEqual(entry({ isOfDomain: false }, access), DENIED);
  });

  it("that there is not is let in nowhere", () => {
    const asked = { kind: "server", server: "none" } as const;
    assert.equal(policy({}).allows(asked).allowed, false);
    assert.equal(policy({}).restricted("none").size, 3);
  });
});

describe("the scopes of the configuration", () => {
  const scopes = new Map([
    ["read", READING],
    ["one", allowing("one")],
    ["all", OPEN],
  ]);

  it("let nobody in who has none of them, and name the first", () => {
    assert.deepEqual(entry({ scopes: ["other"] }, {}, { scopes }), {
      allowed: false,
      needs: ["read"],
    });
    assert.deepEqual(
      entry({}, { authScopes: ["use"] }, { scopes }),
      { allowed: false, needs: ["use", "read"] },
    );
    assert.deepEqual(entry({}, {}, { scopes: new Map() }), DENIED);
  });

  it("allow what any of them does", () => {
    const both = policy({ scopes: ["read", "one"] }, {}, { scopes });
    assert.equal(tool(both, "one", false).allowed, true);
    assert.equal(tool(both, "two", true).allowed, true);
    assert.equal(tool(both, "two", false).allowed, false);
  });

  it("that are not granted are named where one of them would do", () => {
    const reader = policy({ scopes: ["read"] }, {}, { scopes });
    assert.deepEqual(tool(reader, "one", false).needs, ["one"]);
    assert.deepEqual(tool(reader, "two", false).needs, ["all"]);
    assert.equal(tool(reader, "two", true).needs, undefined);
  });

  it("leave open what only the server can tell", () => {
    const reader = policy({ scopes: ["read"] }, {}, { scopes });
    const { allowed, dependsOn, needs } = tool(reader, "two");
    assert.deepEqual([allowed, dependsOn, needs], [
      false,
      "readOnlyHint",
      ["all"],
    ]);
  });

  it("give nothing of what the server itself withholds", () => {
    const patterns = [{ text: "one", shown: "one", path: "p" }];
    const toolFilter = {
      mode: "deny",
      tools: { path: "p", patterns },
    } as const;
    const reader = policy({ scopes: ["read"] }, { toolFilter }, { scopes });
    const { allowed, needs } = tool(reader, "one", true);
    assert.deepEqual([allowed, needs], [false, undefined]);
  });

  it("restrict nothing for whom one of them leaves everything open", () => {
    const kinds = (...names: string[]) => [
      ...policy({ scopes: names }, {}, { scopes }).restricted("files"),
    ];
    assert.deepEqual(kinds("read"), ["tool"]);
    assert.deepEqual(kinds("read", "all"), []);
  });

  it("make rules that differ where what is shown does", () => {
    const text = (...names: string[]) =>
      policy({ scopes: names }, {}, { scopes }).rules("files");
    assert.notEqual(text("read").tool, text("one").tool);
    assert.equal(text("read").prompt, text("one").prompt);
    assert.equal(text("read", "other").tool, text("read").tool);
  });
});
