// Which servers `mcp-front check` visits, and as whom.

import assert from "node:assert/strict";
import { platform } from "node:os";
import { describe, it } from "node:test";
import { plan } from "../../lib/cli/check/plan.ts";
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

function planned(token?: string) {
  const auth = { kind: "bearer_token", tokens: TOKENS };
  const text = JSON.stringify({ proxy: { auth }, mcpServers: SERVERS });
  const { config } = readConfig(text, {
    file: "c.jsonc",
    directory: "/",
    environment: {},
    platform: platform(),
  });
  assert.ok(config);
  return plan(config, "c.jsonc", token);
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
