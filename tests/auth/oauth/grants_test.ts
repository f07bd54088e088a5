// What is read from the claims of a token.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  grantsIn,
  grantsText,
  holderOf,
} from "../../../lib/auth/oauth/grants.ts";
import type { Claims } from "../../../lib/auth/oauth/claims.ts";
import type { OAuthOptions } from "../../../lib/auth/oauth/options.ts";
import { oauthOptions } from "../../support/oauth_options.ts";

function read(claims: Claims, changes: Partial<OAuthOptions> = {}) {
  const options = oauthOptions(changes);
  return grantsIn(claims, { options, fullScopes: new Map() });
}

function scopes(claims: Claims): readonly string[] {
  return read(claims).scopes;
}

function groups(claims: Claims, ...groupsClaim: string[]): readonly string[] {
  return read(claims, { groupsClaim }).groups;
}

describe("the scopes of a token", () => {
  it("are in scope or in scp, as one text or as a list, each once", () => {
    assert.deepEqual(scopes({ scope: "a b  a" }), ["a", "b"]);
    assert.deepEqual(scopes({ scp: ["a", "b c"] }), ["a", "b", "c"]);
    assert.deepEqual(scopes({ scope: "a", scp: "b" }), ["a", "b"]);
  });

  it("are none where the claims are something else", () => {
    for (const scope of [undefined, null, 7, { a: 1 }, [1, null]]) {
      assert.deepEqual(scopes({ scope }), []);
    }
  });
});

describe("the groups of a token", () => {
  it("are where the operator says, also deep inside", () => {
    assert.deepEqual(groups({ groups: ["a"] }, "groups"), ["a"]);
    const claims = { realm_access: { roles: ["a", 7, "b"] } };
    assert.deepEqual(groups(claims, "realm_access", "roles"), ["a", "b"]);
  });

  it("are none where there is nothing, nor in what every object has", () => {
    assert.deepEqual(groups({}, "groups"), []);
    assert.deepEqual(groups({ groups: 7 }, "groups"), []);
    assert.deepEqual(groups({ a: "text" }, "a", "length"), []);
    assert.deepEqual(groups({}, "constructor", "name"), []);
    assert.deepEqual(groups({}, "__proto__"), []);
  });
});

describe("the holder of a token", () => {
  const issuer = "https://login.example";

  it("is named by its subject and its client", () => {
    for (const name of ["client_id", "azp", "appid"]) {
      const { id } = holderOf({ sub: "alice", [name]: "cli" }, issuer);
      assert.equal(id, "oauth:alice/cli");
    }
    assert.equal(holderOf({ sub: "alice" }, issuer).id, "oauth:alice/-");
  });

  it("has a name that can be printed, whatever its subject is", () => {
    const sub = `a\n\u001b[31m${"ü".repeat(200)}`;
    const { id } = holderOf({ sub, azp: "x".repeat(500) }, issuer);
    assert.match(id, /^oauth:[\x21-\x7e]{64}\/[\x21-\x7e]{64}$/);
  });

  it("is another one for another issuer, subject or client, also where the names look alike", () => {
    const all = [
      holderOf({ sub: "a", azp: "b" }, issuer),
      holderOf({ sub: "a", azp: "c" }, issuer),
      holderOf({ sub: "ä", azp: "b" }, issuer),
      holderOf({ sub: "ö", azp: "b" }, issuer),
      holderOf({ sub: "a", azp: "b" }, "https://other.example"),
      holderOf({ sub: "a/b" }, issuer),
    ];
    const generations = new Set(all.map(({ generation }) => generation));
    assert.equal(generations.size, all.length);
  });
});

describe("two tokens", () => {
  it("grant the same, in whatever order that stands there", () => {
    const text = (claims: Claims) => grantsText(read(claims));
    assert.equal(
      text({ scope: "a b", groups: ["x", "y"] }),
      text({ scp: ["b", "a"], groups: ["y", "x", "x"] }),
    );
    assert.notEqual(text({ scope: "a" }), text({ scope: "a b" }));
    assert.notEqual(text({ scope: "a" }), text({ groups: ["a"] }));
  });
});
