// Which servers `mcp-front check` visits, and as whom.

import assert from "node:assert/strict";
import { platform } from "node:os";
import { describe, it } from "node:test";
import { plan } from "../../lib/cli/check/plan.ts";
import { CALLER, withoutOAuth } from "../../lib/cli/check/without_oauth.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { readConfig } from "../../mod.ts";

const HASHED = "hashed-token-that-is-long-enough";

const TOKENS = {
  dev: "dev-token-that-is-long-enough",
  test: "test-token-that-is-long-enough",
  hashed: hashText(HASHED),
};

const SERVERS = {
  all: { command: "true" },
  some: { command: "true", authTokens: ["test", "dev"] },
  one: { command: "true", authTokens: ["test"] },
  nobody: { command: "true", authTokens: [] },
};

function configOf(
  auth: object = { kind: "bearer_token", tokens: TOKENS },
  servers: object = SERVERS,
) {
  const proxy = { baseUrl: "https://gw.example", auth };
  const text = JSON.stringify({ proxy, mcpServers: servers });
  const { config } = readConfig(text, {
    file: "c.jsonc",
    directory: "/",
    environment: {},
    platform: platform(),
  });
  assert.ok(config);
  return config;
}

function planned(token?: string) {
  return plan(configOf(), "c.jsonc", token);
}

function shown(token?: string) {
  return planned(token).map((step) => [
    step.server.name,
    step.token,
    step.kind === "visit" ? "visit" : step.rule,
  ]);
}

describe("the plan of a check", () => {
  it("takes for each server the first token that may use it", () => {
    assert.deepEqual(shown(), [
      ["all", "dev", "visit"],
      ["some", "test", "visit"],
      ["one", "test", "visit"],
      ["nobody", undefined, 'authTokens of server "nobody" lists no token'],
    ]);
  });

  it("leaves out what the named token may not use, with the rule", () => {
    assert.deepEqual(shown("dev"), [
      ["all", "dev", "visit"],
      ["some", "dev", "visit"],
      ["one", "dev", 'authTokens of server "one" does not list "dev"'],
      ["nobody", "dev", 'authTokens of server "nobody" does not list "dev"'],
    ]);
  });

  it("lists the names where there is no such token, and guesses", () => {
    assert.throws(() => planned("tests"), {
      message: 'there is no token "tests" in c.jsonc',
      hint: 'did you mean "test"? the tokens are: dev, test, hashed',
      exitCode: 2,
    });
    assert.throws(() => planned("nobody's"), {
      hint: "the tokens are: dev, test, hashed",
    });
    assert.throws(() => planned("__proto__"), { exitCode: 2 });
  });

  it("does not repeat the value of a token that is given for its name, known or hashed", () => {
    assert.throws(() => planned(TOKENS.test), {
      message: "-token takes the name of a token, and this is the value of one",
      hint: "write -token test",
      exitCode: 2,
    });
    assert.throws(() => planned(HASHED), {
      message: "-token takes the name of a token, and this is the value of one",
      hint: "write -token hashed",
    });
  });
});

describe("the plan of a check with access tokens", () => {
  const AUTH = { kind: "oauth", issuer: "https://login.example" };
  const OPEN = { command: "true" };
  const SCOPED = { command: "true", authScopes: ["a"] };

  it("visits what only these may use, and leaves out what nobody may", () => {
    const config = configOf(AUTH, {
      open: OPEN,
      scoped: { ...SCOPED, authTokens: [] },
      nobody: { ...OPEN, authTokens: [] },
    });
    assert.deepEqual(
      plan(config, "c", undefined).map((s) => [s.kind, s.token]),
      [
        ["visit", CALLER],
        ["visit", CALLER],
        ["omission", undefined],
      ],
    );
  });

  it("visits as a static token what one may use", () => {
    const config = configOf({ ...AUTH, tokens: TOKENS }, {
      open: OPEN,
      listed: { ...SCOPED, authTokens: ["test"] },
    });
    const found = plan(config, "c", undefined).map(({ token }) => token);
    assert.deepEqual(found, ["dev", "test"]);
  });

  it("is carried out by a gateway that asks no authorization server", () => {
    const { oauth, tokens, servers } = withoutOAuth(
      configOf({ ...AUTH, tokens: TOKENS }, {
        open: SCOPED,
        both: { ...SCOPED, authTokens: ["dev"] },
        closed: { ...OPEN, authTokens: ["dev"] },
      }),
    );
    assert.equal(oauth, undefined);
    assert.deepEqual([...tokens.keys()], [...Object.keys(TOKENS), CALLER]);
    assert.deepEqual(
      servers.map(({ authTokens, authScopes }) => [authTokens, authScopes]),
      [[undefined, undefined], [["dev", CALLER], undefined], [
        ["dev"],
        undefined,
      ]],
    );
  });

  it("changes nothing where static tokens are all there is", () => {
    const config = configOf();
    assert.equal(withoutOAuth(config), config);
  });
});
