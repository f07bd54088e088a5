// `proxy.auth` of kind "oauth": whose access tokens are taken, and what they open.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReadOptions } from "../../lib/config/read.ts";
import { assertError, assertWarning, read } from "./marked.ts";

const ISSUER = "https://login.example/realms/tools";
const TOKEN = `"tokens": { "dev": "dev-0123456789abcdef" }`;
const INTROSPECTION = `"introspection": {
  "clientId": "gw", "clientSecret": "$env:CLIENT_SECRET" }`;
const ENVIRONMENT = { CLIENT_SECRET: "client-secret-0123456789" };

/** A file whose `auth` has these members besides an issuer. */
function withAuth(members: string, entry = `"command": "node"`): string {
  return whole(`"issuer": "${ISSUER}", ${members}`, entry);
}

/** A file whose `auth` of kind "oauth" has these members. */
function whole(members: string, entry = `"command": "node"`): string {
  return `{
    "proxy": {
      "addr": "127.0.0.1:0",
      "baseUrl": "https://gw.example/tools/",
      "auth": { "kind": "oauth", ${members} }
    },
    "mcpServers": { "x": { ${entry} } }
  }`;
}

function oauthIn(text: string, options?: Partial<ReadOptions>) {
  const { config, problems } = read(text, options);
  assert.deepEqual(problems, []);
  assert.ok(config?.oauth);
  return config.oauth;
}

describe("an authorization server", () => {
  it("needs no more than its issuer, and the url of the gateway", () => {
    const text = withAuth(`"audiences": ["api://gw"]`);
    assert.deepEqual(oauthIn(text), {
      issuer: ISSUER,
      baseUrl: "https://gw.example/tools",
      audiences: ["api://gw"],
      groupsClaim: ["groups"],
      allowedDomains: [],
    });
    assert.equal(read(text).config?.tokens.size, 0);
  });

  it("is described by many keys, with static tokens beside it", () => {
    const text = withAuth(`${TOKEN}, ${INTROSPECTION},
      "staticPath": "/static", "jwksUri": "https://keys.example/?of=gw",
      "groupsClaim": "realm_access.roles",
      "allowedDomains": ["Example.COM", "example.com"],
      "scopes": {
        "mcp:read": { "readOnly": true },
        "mcp:write": { "servers": { "x": { "tools": { "deny": ["drop"] } } } }
      }`);
    const { config } = read(text, { environment: ENVIRONMENT });
    const { introspection, jwksUri, scopes, ...rest } = config?.oauth ?? {};
    assert.deepEqual([...config?.tokens.keys() ?? []], ["dev"]);
    assert.deepEqual(rest, {
      issuer: ISSUER,
      baseUrl: "https://gw.example/tools",
      audiences: [],
      groupsClaim: ["realm_access", "roles"],
      allowedDomains: ["example.com"],
      staticPath: "/static",
    });
    assert.equal(jwksUri?.href, "https://keys.example/?of=gw");
    assert.equal(introspection?.clientId, "gw");
    assert.equal(introspection?.endpoint, undefined);
    assert.equal(
      introspection?.clientSecret.reveal(),
      ENVIRONMENT.CLIENT_SECRET,
    );
    assert.equal(
      scopes?.get("mcp:read")?.readOnly?.path,
      `proxy.auth.scopes["mcp:read"].readOnly`,
    );
    const { tools } = scopes?.get("mcp:write")?.servers.get("x") ?? {};
    assert.deepEqual(tools?.deny?.patterns.map(({ text }) => text), ["drop"]);
  });

  it("keeps the slash at the end of its issuer, or that there is none", () => {
    for (const issuer of ["https://login.example", "https://login.example/"]) {
      assert.equal(oauthIn(whole(`"issuer": "${issuer}"`)).issuer, issuer);
    }
  });

  it("may be on this machine, without TLS", () => {
    for (const host of ["localhost", "127.0.0.1:9", "[::1]:9"]) {
      const text = whole(`"issuer": "http://${host}/realm",
        "jwksUri": "http://${host}/keys"`);
      assert.equal(oauthIn(text).jwksUri?.href, `http://${host}/keys`);
    }
  });

  it("has groups in a claim whose name is a url", () => {
    const claim = "https://gw.example/groups";
    const { groupsClaim } = oauthIn(withAuth(`"groupsClaim": "${claim}"`));
    assert.deepEqual(groupsClaim, [claim]);
  });

  const bad: [string, string, string, RegExp, RegExp?][] = [
    [
      "no issuer",
      whole(`"tokens": {}`).replace(`"auth": {`, `"auth": ▲{`),
      "issuer",
      /found no "issuer", wanted the url of the authorization server/,
      /^"issuer": "https:/,
    ],
    [
      "an issuer that is no url",
      whole(`"issuer": ▲"login.example"`),
      "issuer",
      /found no url/,
    ],
    [
      "an issuer without TLS on another machine",
      whole(`"issuer": ▲"http://login.example"`),
      "issuer",
      /found http:\/\/ and a host that is not this machine/,
      /https:/,
    ],
    [
      "an issuer with a query",
      whole(`"issuer": ▲"https://login.example/?realm=a"`),
      "issuer",
      /found a query/,
    ],
    [
      "an issuer with a fragment",
      whole(`"issuer": ▲"https://login.example/#a"`),
      "issuer",
      /found a fragment/,
    ],
    [
      "the url of metadata",
      whole(`"issuer": ▲"${ISSUER}/.well-known/openid-configuration"`),
      "issuer",
      /found the url of metadata, wanted that of the issuer/,
    ],
    [
      "the gateway itself",
      whole(`"issuer": ▲"https://GW.example:443/tools"`),
      "issuer",
      /url of the gateway itself; .* no authorization server inside/,
      /Keycloak/,
    ],
    [
      "a list of audiences without any",
      withAuth(`"audiences": ▲[]`),
      "audiences",
      /found an empty list/,
      /leave "audiences" out/,
    ],
    [
      "two audiences in one text",
      withAuth(`"audiences": [▲"a b"]`),
      "audiences[0]",
      /found white space, wanted what tokens name/,
    ],
    [
      "an unknown key",
      withAuth(`▲"audience": ["a"]`),
      "audience",
      /unknown key/,
      /did you mean "audiences"/,
    ],
    [
      "what only a server that makes tokens needs",
      withAuth(`▲"tokenTtl": "1h"`),
      "tokenTtl",
      /unknown key/,
      /the gateway makes no access tokens/,
    ],
    [
      "keys that could be changed on their way",
      withAuth(`"jwksUri": ▲"http://login.example/keys"`),
      "jwksUri",
      /found http:\/\/, wanted https:/,
    ],
    [
      "keys at another port of this machine",
      whole(`"issuer": "http://localhost:1/",
        "jwksUri": ▲"http://localhost:2/keys"`),
      "jwksUri",
      /found http:/,
      /under its own host and port/,
    ],
    [
      "an introspection without a secret",
      withAuth(`"introspection": ▲{ "clientId": "gw" }`),
      "introspection",
      /found no "clientSecret"/,
    ],
    [
      "an introspection without a client",
      withAuth(`"introspection": ▲{ "clientSecret": "s" }`),
      "introspection",
      /found no "clientId"/,
    ],
    [
      "the hash of a client secret",
      withAuth(`"introspection": { "clientId": "gw",
        "clientSecret": ▲"sha256:${"0".repeat(64)}" }`),
      "introspection.clientSecret",
      /found a hash, wanted the secret itself/,
    ],
    [
      "a static token as the client secret",
      withAuth(`${TOKEN}, "introspection": { "clientId": "gw",
        "clientSecret": ▲"dev-0123456789abcdef" }`),
      "introspection.clientSecret",
      /found the value of the token "dev"/,
    ],
    [
      "a claim with nothing between two dots",
      withAuth(`"groupsClaim": ▲"a..b"`),
      "groupsClaim",
      /wanted the name of a claim/,
    ],
    [
      "an e-mail address as a domain",
      withAuth(`"allowedDomains": [▲"me@example.com"]`),
      "allowedDomains[0]",
      /wanted a domain/,
      /after the @/,
    ],
    [
      "a wildcard in a domain",
      withAuth(`"allowedDomains": [▲"*.example.com"]`),
      "allowedDomains[0]",
      /wanted a domain/,
      /subdomains too/,
    ],
    [
      "a list of domains without any",
      withAuth(`"allowedDomains": ▲[]`),
      "allowedDomains",
      /found an empty list/,
    ],
    [
      "a static path without a slash",
      withAuth(`${TOKEN}, "staticPath": ▲"static"`),
      "staticPath",
      /wanted a slash and one segment/,
      /"\/static"/,
    ],
    [
      "a static path of two segments",
      withAuth(`${TOKEN}, "staticPath": ▲"/static/tokens"`),
      "staticPath",
      /one segment/,
    ],
    [
      "a static path of the gateway itself",
      withAuth(`${TOKEN}, "staticPath": ▲"/mcp"`),
      "staticPath",
      /a path of the gateway itself/,
    ],
    [
      "the path of a server",
      withAuth(`${TOKEN}, "staticPath": ▲"/x"`),
      "staticPath",
      /the path of the server "x"/,
    ],
    [
      "scopes without any",
      withAuth(`"scopes": ▲{}`),
      "scopes",
      /found no scope/,
      /leave "scopes" out/,
    ],
    [
      "two scopes in one key",
      withAuth(`"scopes": { ▲"a b": {} }`),
      `scopes["a b"]`,
      /found white space in a scope/,
    ],
    [
      "a rule for a server that there is not",
      withAuth(`"scopes": { "a": { "servers": { ▲"X": {} } } }`),
      "scopes.a.servers.X",
      /wanted the name of a server/,
      /did you mean "x"/,
    ],
    [
      "an end of a scope",
      withAuth(`"scopes": { "a": { ▲"value": "b" } }`),
      "scopes.a.value",
      /unknown key/,
    ],
  ];
  for (const [what, text, path, message, hint] of bad) {
    it(`is refused for ${what}, with one problem`, () => {
      assertError(text, { path: `proxy.auth.${path}`, message, hint });
    });
  }

  it("wants to know the url of the gateway", () => {
    const text = withAuth(TOKEN)
      .replace(/"baseUrl": .*,/, "").replace(`"proxy": {`, `"proxy": ▲{`);
    assertError(text, {
      path: "proxy.baseUrl",
      message: /found no "baseUrl".*: access tokens are made for it/,
      hint: /"baseUrl": "https:/,
    });
  });

  it("is told everything that is wrong with it at once", () => {
    const { problems } = read(whole(`"issuer": "x", "staticPath": "y",
      "audiences": [], "jwksUri": 5, "introspection": "s3cret-0123456789",
      "scopes": { "\\"": { "readOnly": 1 } }`));
    const errors = problems.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors.map(({ path }) => path.split(".").at(-1)), [
      "issuer",
      "staticPath",
      "audiences",
      "jwksUri",
      "introspection",
      `scopes["\\""]`,
      "readOnly",
    ]);
    assert.doesNotMatch(JSON.stringify(problems), /s3cret/);
  });

  it("is a warning where tokens of other clients would do", () => {
    assertWarning(withAuth(`"audiences": ["gw", ▲"account"]`), {
      path: "proxy.auth.audiences[1]",
      message: /"account" is in the tokens that Keycloak makes for any client/,
    });
  });

  it("is a warning where a static path has no token", () => {
    assertWarning(withAuth(`"staticPath": ▲"/static"`), {
      path: "proxy.auth.staticPath",
      message: /has no effect: there is no token/,
    });
  });
});

describe("the keys of an authorization server", () => {
  it("are refused where static tokens alone are taken, each by itself", () => {
    const text = withAuth(`${TOKEN}, "scopes": {}, "staticPath": "/static"`)
      .replace(`"oauth"`, `"bearer_token"`);
    const { problems } = read(text);
    assert.deepEqual(
      problems.map(({ path, hint }) => [path, hint]),
      [
        "issuer",
        "scopes",
        "staticPath",
      ].map((key) => [
        `proxy.auth.${key}`,
        `write "kind": "oauth", or leave it out`,
      ]),
    );
    assert.match(problems[0].message, /^"issuer" is for "kind": "oauth"$/);
  });

  it("are read where the kind is misspelt", () => {
    const text = withAuth(`"audiences": []`)
      .replace(`"oauth"`, `"oath"`);
    const { problems } = read(text);
    assert.deepEqual(problems.map(({ path, hint }) => [path, hint]), [
      ["proxy.auth.kind", `did you mean "oauth"?`],
      ["proxy.auth.audiences", `leave "audiences" out where nothing is wanted`],
    ]);
  });
});

describe("what a server wants of access tokens", () => {
  it("is scopes, all of them, and one of some groups", () => {
    const text = withAuth(
      `"audiences": ["gw"]`,
      `"command": "node", "authScopes": ["db:use", "db:use", "mcp"],
       "authGroups": ["/data base", "sre"]`,
    );
    const [server] = read(text).config?.servers ?? [];
    assert.deepEqual(server.authScopes, ["db:use", "mcp"]);
    assert.deepEqual(server.authGroups, ["/data base", "sre"]);
    assert.equal(server.authTokens, undefined);
  });

  const bad: [string, string, string, RegExp][] = [
    ["no scope", `"authScopes": ▲[]`, "authScopes", /found an empty list/],
    ["no group", `"authGroups": ▲[]`, "authGroups", /found an empty list/],
    [
      "two scopes in one text",
      `"authScopes": [▲"a b"]`,
      "authScopes[0]",
      /found white space in a scope/,
    ],
    [
      "an empty scope",
      `"authScopes": [▲""]`,
      "authScopes[0]",
      /found an empty scope/,
    ],
    [
      "a quoted scope",
      `"authScopes": [▲"\\"a\\""]`,
      "authScopes[0]",
      /a double quote or backslash/,
    ],
    [
      "an empty group",
      `"authGroups": [▲" "]`,
      "authGroups[0]",
      /wanted the name of a group/,
    ],
    [
      "a scope that is no list",
      `"authScopes": ▲"a"`,
      "authScopes",
      /found a string, wanted an array of scopes/,
    ],
  ];
  for (const [what, members, path, message] of bad) {
    it(`is refused for ${what}, with one problem`, () => {
      const text = withAuth(TOKEN, `"command": "node", ${members}`);
      assertError(text, { path: `mcpServers.x.${path}`, message });
    });
  }

  it("is refused where access tokens are not taken: the server would be open", () => {
    for (const key of ["authScopes", "authGroups"]) {
      const text = withAuth(TOKEN, `"command": "node", ▲"${key}": ["a"]`)
        .replace(`"kind": "oauth", "issuer": "${ISSUER}",`, BEARER);
      assertError(text, {
        path: `mcpServers.x.${key}`,
        message: /is for access tokens, and proxy\.auth takes none/,
        hint: /"kind": "oauth"/,
      });
    }
  });

  it("is a warning where there is nothing, and static tokens are listed", () => {
    const entry = `"command": "node", ▲"authTokens": ["dev"]`;
    assertWarning(withAuth(TOKEN, entry), {
      path: "mcpServers.x.authTokens",
      message: /closes this server to access tokens/,
      hint: /"authScopes" or "authGroups"/,
    });
    for (const more of [`"authGroups": ["a"]`, `"disabled": true`]) {
      const text = withAuth(TOKEN, `${entry}, ${more}`.replace("▲", ""))
        .replace(
          `"mcpServers": {`,
          `"mcpServers": { "y": { "url": "http://h" },`,
        );
      assert.deepEqual(read(text).problems, []);
    }
  });

  it("may be all there is: an empty list of tokens leaves it to them", () => {
    const entry = `"command": "node", "authTokens": ▲[]`;
    assertWarning(withAuth(TOKEN, entry), {
      path: "mcpServers.x.authTokens",
      message: /found no name; nobody can use this server/,
    });
    const text = withAuth(
      TOKEN,
      `${entry.replace("▲", "")}, "authScopes": ["a"]`,
    );
    const { config, problems } = read(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.servers[0].authTokens, []);
  });

  it("are no names of tokens", () => {
    const entry = `"command": "node", "authTokens": [▲"alice"]`;
    const text = withAuth(
      `"audiences": ["gw"]`,
      `${entry}, "authScopes": ["a"]`,
    );
    assertError(text, {
      path: "mcpServers.x.authTokens[0]",
      message: /wanted the name of a token/,
      hint: /there is no token; .*"authScopes" and "authGroups"/,
    });
  });

  it("is a warning where it is almost a scope with rules", () => {
    const text = withAuth(
      `"scopes": { "db:use": {}, "x": {} }`,
      `"command": "node", "authScopes": [▲"DB.use"]`,
    );
    assertWarning(text, {
      path: "mcpServers.x.authScopes[0]",
      message: /almost the same as a scope of proxy\.auth\.scopes/,
      hint: /did you mean "db:use"/,
    });
  });

  it("is a warning where a scope has rules for a server that is closed", () => {
    const text = withAuth(
      `${TOKEN}, "scopes": { "a": { "servers": { "x": {} } } }`,
      `"command": "node", "authTokens": ["dev"]`,
    );
    const [rules, server] = read(text).problems;
    assert.equal(rules.path, "proxy.auth.scopes.a.servers.x");
    assert.match(rules.message, /rules without effect/);
    assert.equal(server.path, "mcpServers.x.authTokens");
  });
});

describe("the client secret", () => {
  const SECRET = ENVIRONMENT.CLIENT_SECRET;

  it("is never shown, wherever it stands in the file", () => {
    const text = withAuth(
      `"introspection": { "clientId": "gw", "clientSecret": "${SECRET}" },
       "allowedDomains": ["@${SECRET}"], "scopes": { "${SECRET} ": {} }`,
      `"command": "node", "authGroups": ["${SECRET}\\n"]`,
    );
    const said = JSON.stringify(read(text).problems);
    assert.doesNotMatch(said, new RegExp(SECRET));
    assert.match(said, /\(a token\)/);
  });

  it("is not shown where it is misplaced either", () => {
    for (
      const members of [
        `"introspection": { "secret": "${SECRET}" }`,
        `"introspection": "${SECRET}"`,
        `"clientSecret": "${SECRET}"`,
      ]
    ) {
      const text = withAuth(`${members}, "groupsClaim": "${SECRET} x"`);
      assert.doesNotMatch(JSON.stringify(read(text).problems), /client-secret/);
    }
  });

  const ways: [string, string, RegExp][] = [
    [
      `"env": { "A": ▲"$env:CLIENT_SECRET" }`,
      "env.A",
      /the variable CLIENT_SECRET, which the client secret is read from/,
    ],
    [
      `"inheritEnv": [▲"CLIENT_SECRET"]`,
      "inheritEnv[0]",
      /the variable CLIENT_SECRET, which the client secret/,
    ],
    [
      `"args": [▲"--secret=${SECRET}"]`,
      "args[0]",
      /found the client secret; no child may have it/,
    ],
    [
      `"toolFilter": { "mode": "deny", "tools": [▲"${SECRET}"] }`,
      "toolFilter.tools[0]",
      /found the client secret; patterns are told to callers/,
    ],
  ];
  for (const [members, path, message] of ways) {
    it(`goes to no child by ${path}`, () => {
      const text = withAuth(INTROSPECTION, `"command": "node", ${members}`);
      const options = { environment: ENVIRONMENT };
      assertError(text, { path: `mcpServers.x.${path}`, message }, options);
    });
  }

  it("is not inherited either, by whatever name", () => {
    const text = withAuth(INTROSPECTION, `"command": "node"`);
    const environment = { ...ENVIRONMENT, HOME: SECRET, LANG: "C" };
    const [{ backend }] = read(text, { environment }).config?.servers ?? [];
    assert.deepEqual(
      backend.kind === "stdio" && backend.stdio.env,
      { LANG: "C" },
    );
  });

  it("need not be there where nobody comes in", () => {
    const text = withAuth(INTROSPECTION);
    const { config, problems } = read(text, { entry: "unneeded" });
    assert.deepEqual(problems, []);
    assert.equal(config?.oauth?.introspection, undefined);
    assert.equal(read(text).config, undefined);
  });
});

describe("the rules for access tokens of a file whose variables are not set", () => {
  it("are known, but for what only a variable says", () => {
    const text = withAuth(
      `"allowedDomains": ["$env:DOMAIN", "example.com"],
       "scopes": { "a": { "tools": { "allow": ["$env:TOOL"] } } }`,
      `"command": "node", "authScopes": ["$env:SCOPE", "b"],
       "authGroups": ["$env:GROUP"]`,
    ).replace(`"${ISSUER}"`, `"$env:ISSUER"`)
      .replace(`"https://gw.example/tools/"`, `"$env:URL"`);
    const { rules, problems } = read(text, { environment: "unknown" });
    assert.deepEqual(problems, []);
    assert.deepEqual(rules?.servers.get("x")?.authScopes, ["b"]);
    assert.deepEqual(rules?.oauth?.allowedDomains, ["example.com"]);
    assert.deepEqual([...rules?.oauth?.scopes?.keys() ?? []], ["a"]);
    assert.deepEqual(
      rules?.openVariables,
      new Set(["DOMAIN", "TOOL", "SCOPE", "GROUP"]),
    );
  });

  it("are not there where static tokens alone are taken", () => {
    const text = withAuth(TOKEN)
      .replace(`"kind": "oauth", "issuer": "${ISSUER}",`, BEARER);
    assert.equal(read(text).rules?.oauth, undefined);
    assert.equal(read(text).config?.oauth, undefined);
  });
});

const BEARER = `"kind": "bearer_token",`;
