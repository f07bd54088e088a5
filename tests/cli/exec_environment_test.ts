// The environment of a command: what it gets, and what is for the servers alone.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tokenOf } from "../../lib/auth/token.ts";
import { commandEnvironment } from "../../lib/cli/exec/command_environment.ts";
import { withoutFetchLimit } from "../../lib/runtime/fetch_limit.ts";
import { Secret } from "../../mod.ts";

const TOKEN = "a-token-that-nobody-guesses";

const ENVIRONMENT = {
  PATH: "/bin",
  LC_ALL: "C",
  CI: "true",
  NOT_SET: undefined,
  API_KEY: "k",
  api_key: "another",
  COPY: TOKEN,
  MCP_FRONT_URL: "http://elsewhere",
  MCP_FRONT_TOKEN: "of elsewhere",
};

function made(platform: string) {
  return commandEnvironment({
    environment: ENVIRONMENT,
    platform,
    variables: new Set(["API_KEY", "PATH", "LC_ALL", "NOT_SET"]),
    tokens: new Map([["ci", tokenOf(TOKEN)]]),
    url: "http://127.0.0.1:1",
    credential: new Secret("new"),
  });
}

describe("the environment of a command", () => {
  it("lacks what the configuration names and what has a token, and has the way in", () => {
    const { variables, withheld } = made("linux");
    assert.deepEqual(withheld, ["API_KEY", "COPY"]);
    assert.deepEqual(variables, {
      PATH: "/bin",
      LC_ALL: "C",
      CI: "true",
      api_key: "another",
      MCP_FRONT_URL: "http://127.0.0.1:1",
      MCP_FRONT_TOKEN: "new",
    });
  });

  it("is compared as the platform does", () => {
    assert.deepEqual(made("win32").withheld, ["API_KEY", "api_key", "COPY"]);
  });

  it("has the limit on fetches of who has set it, not ours", () => {
    const name = "BUN_CONFIG_MAX_HTTP_REQUESTS";
    assert.deepEqual(withoutFetchLimit({ [name]: "65535", CI: "1" }), {
      CI: "1",
    });
    assert.deepEqual(withoutFetchLimit({ [name]: "9" }), { [name]: "9" });
  });
});
