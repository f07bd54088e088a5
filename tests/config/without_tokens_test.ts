// A file whose tokens need not be there: what is missing of them is no problem, everything else is as ever.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadConfig, loadWithoutTokens } from "../../lib/config/load.ts";
import { ConfigError } from "../../lib/config/problems.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const KNOWN = "a-token-that-nobody-guesses";

const TOKENS = {
  unset: "$env:UNSET",
  empty: { value: "$env:EMPTY", expires: "2999-12-31" },
  absent: "$file:no/such/file",
  set: "$env:SET",
  usual: { value: "$env:UNSET_TOO|another-token-to-guess", tools: {} },
};

const SERVERS = {
  files: {
    command: "c",
    env: { KEY: "$env:KEY|none" },
    inheritEnv: ["GITHUB_TOKEN"],
    authTokens: ["unset"],
  },
  api: { url: "http://x/mcp", headers: { "x-key": "$env:API_KEY" } },
};

const ENVIRONMENT = { EMPTY: "", SET: KNOWN, API_KEY: "k" };

async function withFile<T>(
  over: { readonly mcpServers?: unknown; readonly tokens?: unknown },
  look: (file: string) => Promise<T>,
): Promise<T> {
  await using folder = await TemporaryFolder.create();
  const file = join(folder.path, "config.jsonc");
  const { tokens = TOKENS, mcpServers = SERVERS } = over;
  const auth = { kind: "bearer_token", tokens };
  const tls = { cert: "none.pem", key: "none.pem" };
  const proxy = { addr: "127.0.0.1:0", auth, tls };
  writeFileSync(file, JSON.stringify({ proxy, mcpServers }));
  return await look(file);
}

/** The paths of what is wrong. */
async function problemsOf(loading: Promise<unknown>): Promise<string[]> {
  const error = await loading.then(() => undefined, (thrown) => thrown);
  assert.ok(error instanceof ConfigError);
  return error.problems.filter(({ severity }) => severity === "error")
    .map(({ path }) => path);
}

describe("a file whose tokens need not be there", () => {
  it("is loaded, with those that are there and the names of all", async () => {
    const loaded = await withFile(
      {},
      (file) => loadWithoutTokens(file, ENVIRONMENT),
    );
    const { config, rules } = loaded;
    assert.deepEqual([...config.tokens.keys()], ["set", "usual"]);
    assert.deepEqual([...rules.tokens.keys()], Object.keys(TOKENS));
    assert.equal(rules.tokens.get("set")?.value?.reveal(), KNOWN);
    assert.deepEqual([...rules.expiries.keys()], ["empty"]);
    assert.deepEqual(config.servers[0]?.authTokens, ["unset"]);
    assert.ok(config.scopes.has("usual"));
  });

  it("names all variables, also those that servers inherit", async () => {
    const { variables } = await withFile(
      {},
      (file) => loadWithoutTokens(file, ENVIRONMENT),
    );
    assert.deepEqual([...variables].toSorted(), [
      "API_KEY",
      "EMPTY",
      "GITHUB_TOKEN",
      "KEY",
      "SET",
      "UNSET",
      "UNSET_TOO",
    ]);
  });

  it("has every other problem as ever, and those of tokens that are there", async () => {
    const tokens = {
      ...TOKENS,
      twin: "$env:SET",
      scoped: { value: "$env:UNSET", tools: { deny: ["$env:UNSET"] } },
      nameless: {},
    };
    const paths = await withFile(
      { tokens },
      (file) => problemsOf(loadWithoutTokens(file, { SET: KNOWN })),
    );
    assert.deepEqual(paths.toSorted(), [
      "mcpServers.api.headers.x-key",
      "proxy.auth.tokens.nameless",
      "proxy.auth.tokens.scoped.tools.deny[0]",
      "proxy.auth.tokens.twin",
    ]);
  });

  it("cannot be served", async () => {
    const paths = await withFile(
      {},
      (file) => problemsOf(loadConfig(file, ENVIRONMENT)),
    );
    assert.deepEqual(paths, [
      "proxy.auth.tokens.unset",
      "proxy.auth.tokens.empty.value",
      "proxy.auth.tokens.absent",
      "proxy.tls.cert",
      "proxy.tls.key",
    ]);
  });
});
