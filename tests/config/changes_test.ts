// What the log says of a new configuration.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changesBetween } from "../../lib/config/changes.ts";
import { readConfig } from "../../lib/config/read.ts";

const TOKENS = { "api-2024-01": "an-old-token-0123456789" };
const DATABASE = {
  command: "psql",
  args: ["a"],
  env: { PATH: "/bin", line: "1" },
  authTokens: ["api-2024-01"],
};
const REMOTE = { url: "https://example.com/mcp", headers: { "x-key": "one" } };

interface Parts {
  readonly proxy?: object;
  readonly tokens?: object;
  readonly servers?: object;
  /** Stands before everything else. */
  readonly before?: string;
}

function configOf({ proxy, tokens = TOKENS, servers, before = "" }: Parts) {
  const text = before + JSON.stringify({
    version: "1.0",
    proxy: {
      addr: "127.0.0.1:1",
      auth: { kind: "bearer_token", tokens },
      ...proxy,
    },
    mcpServers: servers ?? { database: DATABASE },
  });
  const environment = {};
  const options = { file: "c", directory: "/", environment, platform: "linux" };
  const { config, problems } = readConfig(text, options);
  assert.ok(config, JSON.stringify(problems));
  return config;
}

function made(before: Parts, now: Parts): readonly string[] {
  return changesBetween(configOf(before), configOf(now)).made;
}

describe("what has changed", () => {
  it("is told of tokens and servers by their names, and of what in them", () => {
    const old = TOKENS["api-2024-01"];
    const changes = made(
      { servers: { database: DATABASE, gone: REMOTE } },
      {
        tokens: { "api-2024-03": "a-new-token-0123456789", "api-2024-01": old },
        servers: { database: { ...DATABASE, args: ["b"] }, fresh: REMOTE },
      },
    );
    assert.deepEqual(changes, [
      "added token api-2024-03",
      "changed server database (args)",
      "added server fresh",
      "removed server gone",
    ]);
    assert.deepEqual(
      made({}, { tokens: { other: "a-new-token-0123456789", ...TOKENS } }),
      ["added token other"],
    );
  });

  const token = (rules: object) => ({
    tokens: { "api-2024-01": { value: TOKENS["api-2024-01"], ...rules } },
  });
  const server = (more: object) => ({
    servers: { database: { ...DATABASE, ...more } },
  });
  const cases: readonly [string, Parts, Parts, string][] = [
    [
      "a value",
      {},
      { tokens: { "api-2024-01": "another-0123456789abc" } },
      "changed token api-2024-01 (value)",
    ],
    [
      "an end",
      {},
      token({ expires: "2999-01-01" }),
      "changed token api-2024-01 (expires)",
    ],
    [
      "a scope",
      token({ tools: { allow: ["a"] } }),
      token({ tools: { allow: ["b"] } }),
      "changed token api-2024-01 (tools)",
    ],
    [
      "a variable of the child that is named like a place in the file",
      {},
      server({ env: { PATH: "/bin", line: "2" } }),
      "changed server database (env)",
    ],
    [
      "who may use a server",
      {},
      server({ authTokens: [] }),
      "changed server database (authTokens)",
    ],
    [
      "a secret header",
      { servers: { r: REMOTE } },
      { servers: { r: { ...REMOTE, headers: { "x-key": "two" } } } },
      "changed server r (headers)",
    ],
    [
      "a limit",
      {},
      { proxy: { limits: { sessions: 7 } } },
      "changed proxy.limits (sessions)",
    ],
    [
      "names at the root",
      {},
      { proxy: { root: { prefix: "never" } } },
      "changed proxy.root (prefix)",
    ],
    [
      "the public url",
      {},
      { proxy: { baseUrl: "https://example.com" } },
      "changed proxy.baseUrl",
    ],
  ];
  const OAUTH = {
    kind: "oauth",
    issuer: "https://login.example",
    introspection: { clientId: "gw", clientSecret: "one-0123456789" },
    scopes: { read: { readOnly: true } },
    tokens: TOKENS,
  };
  const oauth = (more: object): Parts => ({
    proxy: { baseUrl: "https://gw.example", auth: { ...OAUTH, ...more } },
  });
  const AUTH_CASES: typeof cases = [
    [
      "an authorization server",
      { proxy: { baseUrl: "https://gw.example" } },
      oauth({ introspection: undefined, scopes: undefined }),
      "changed proxy.auth (kind, issuer)",
    ],
    [
      "a client secret",
      oauth({}),
      oauth({
        introspection: { clientId: "gw", clientSecret: "two-01234567" },
      }),
      "changed proxy.auth (introspection)",
    ],
    [
      "what a scope opens",
      oauth({}),
      oauth({ scopes: { read: { tools: { allow: ["get_*"] } } } }),
      "changed proxy.auth (scopes)",
    ],
    [
      "the scopes that a server wants",
      { ...oauth({}), ...server({ authScopes: ["a"] }) },
      { ...oauth({}), ...server({ authScopes: ["a", "b"] }) },
      "changed server database (authScopes)",
    ],
  ];
  for (const [what, before, now, expected] of [...cases, ...AUTH_CASES]) {
    it(`is told of ${what}`, () => {
      assert.deepEqual(made(before, now), [expected]);
    });
  }

  it("is nothing where lines have only moved", () => {
    const scoped = token({ tools: { deny: ["a"] }, readOnly: true });
    assert.deepEqual(made(scoped, { ...scoped, before: "\n\n// more\n" }), []);
    const open = oauth({});
    assert.deepEqual(made(open, { ...open, before: "\n\n// more\n" }), []);
  });

  it("is not made where it needs a restart", () => {
    const { made, open } = changesBetween(
      configOf({}),
      configOf({ proxy: { addr: "127.0.0.1:2" } }),
    );
    assert.deepEqual([made, open], [[], ["proxy.addr"]]);
  });
});
