// What the banner says for different configurations.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { banner } from "../../lib/cli/banner.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { readConfig, Secret } from "../../mod.ts";
import type { Config } from "../../mod.ts";

const TOKEN = "a-token-that-is-long-enough";

function bannerOf(
  proxy: Record<string, unknown>,
  mcpServers: Record<string, unknown>,
  file = "my.jsonc",
  more: Pick<Config, "tls"> = {},
): string {
  const auth = { kind: "bearer_token", tokens: { first: TOKEN } };
  const text = JSON.stringify({ proxy: { auth, ...proxy }, mcpServers });
  const { config, problems } = readConfig(text, {
    file,
    directory: "/",
    environment: {},
    platform: "linux",
  });
  assert.ok(config, JSON.stringify(problems));
  const listening = { file, port: 4321, warnings: problems };
  return banner({ ...listening, config: { ...config, ...more } });
}

const ONE = { one: { command: "true" } };

describe("the banner", () => {
  it("names the port that was taken, and this machine for every interface", () => {
    const text = bannerOf({ addr: ":0" }, ONE);
    assert.match(text, /is listening on http:\/\/localhost:4321$/m);
    assert.match(text, /curl -sS http:\/\/localhost:4321\/one\/mcp /);
  });

  it("says https where the gateway speaks it, and has people try what its certificate is for", () => {
    const tls = { cert: "", key: new Secret("") };
    const local = bannerOf({ addr: ":0" }, ONE, "my.jsonc", { tls });
    assert.match(local, /is listening on https:\/\/localhost:4321$/m);
    assert.match(local, /curl -sS https:\/\/localhost:4321\/one\/mcp /);
    const proxy = { addr: ":0", baseUrl: "https://mcp.test" };
    const named = bannerOf(proxy, ONE, "my.jsonc", { tls });
    assert.match(named, /is listening on https:\/\/localhost:4321$/m);
    assert.match(named, /curl -sS https:\/\/mcp\.test\/one\/mcp /);
  });

  it("writes an IPv6 address in brackets, quoted for the shell", () => {
    const text = bannerOf({ addr: "[::1]:0" }, ONE);
    assert.match(text, /is listening on http:\/\/\[::1\]:4321$/m);
    assert.match(text, /curl -sS 'http:\/\/\[::1\]:4321\/one\/mcp' /);
  });

  it("says which token the lines to paste need, never its value", () => {
    const text = bannerOf({ addr: ":0" }, ONE);
    assert.match(
      text,
      /MCP_TOKEN=… +# the value of token "first" in my\.jsonc$/m,
    );
    assert.ok(!text.includes(TOKEN));
  });

  it("says so where the file has only the hash of the token", () => {
    const tokens = { first: hashText(TOKEN) };
    const auth = { kind: "bearer_token", tokens };
    const text = bannerOf({ addr: ":0", auth }, ONE);
    assert.match(
      text,
      /MCP_TOKEN=… +# the token "first"; my\.jsonc has its hash$/m,
    );
    assert.ok(!text.includes("sha256"));
  });

  it("gives clients the public url, and the trial this machine's", () => {
    const baseUrl = "https://gw.example/tools/";
    const text = bannerOf({ addr: ":0", baseUrl }, ONE);
    assert.match(text, /^ {2}one {2}https:\/\/gw\.example\/tools\/one\/mcp /m);
    assert.match(text, /curl -sS http:\/\/localhost:4321\/one\/mcp /);
    assert.match(text, /http one https:\/\/gw\.example\/tools\/one\/mcp /);
  });

  it("shows the one address for all servers where there are several", () => {
    const servers = { one: { command: "true" }, two: { command: "true" } };
    const text = bannerOf({ addr: ":0" }, servers);
    assert.match(text, /^ {2}all servers {2}http:\/\/localhost:4321\/mcp /m);
    assert.match(text, /http mcp-front http:\/\/localhost:4321\/mcp /);
    assert.doesNotMatch(bannerOf({ addr: ":0" }, ONE), /all servers/);
  });

  it("shows the warnings with their place", () => {
    const text = bannerOf({ addr: "0.0.0.0:0" }, ONE);
    assert.match(text, /^my\.jsonc:\d+:\d+: warning: proxy\.addr/m);
  });

  it("lets no name drive the terminal", () => {
    const text = bannerOf({ addr: "0.0.0.0:0" }, ONE, "a\u001b[2Jb.jsonc");
    assert.match(text, / in a\\u001b\[2Jb\.jsonc$/m);
    assert.match(text, /^a\\u001b\[2Jb\.jsonc:\d+:\d+: warning: /m);
    assert.ok(!text.includes("\u001b"));
  });

  const OAUTH = {
    kind: "oauth",
    issuer: "https://login.example/realm",
    staticPath: "/static",
    tokens: { first: TOKEN },
  };
  const GUARDED = { command: "true", authScopes: ["db:use", "mcp"] };

  it("says what access tokens need, and where static ones are alone", () => {
    const text = bannerOf({ baseUrl: "https://gw.test/", auth: OAUTH }, {
      any: { command: "true" },
      guarded: { ...GUARDED, authTokens: ["first"], authGroups: ["a", "b"] },
      theirs: { ...GUARDED, authTokens: [] },
      closed: { command: "true", authTokens: ["first"] },
    });
    assert.deepEqual(text.match(/(?<= {2}for ).*$/gm), [
      "what a token may use",
      "any token, or OAuth",
      "first, or OAuth with db:use mcp in a or b",
      "OAuth with db:use mcp",
      "first",
    ]);
    assert.match(text, /access tokens of https:\/\/login\.example\/realm\)$/m);
    assert.match(text, /the same beneath https:\/\/gw\.test\/static\)$/m);
    assert.match(text, /curl -sS http:\/\/localhost:4321\/static\/any\/mcp /);
    assert.match(
      text,
      /claude mcp add .* https:\/\/gw\.test\/static\/mcp --header/,
    );
  });

  it("has no curl line where there is no static token", () => {
    const { tokens: _, staticPath: _path, ...auth } = OAUTH;
    const text = bannerOf({ baseUrl: "https://gw.test", auth }, ONE);
    assert.match(text, /https:\/\/gw\.test\/one\/mcp {2}for OAuth$/m);
    assert.doesNotMatch(text, /curl|MCP_TOKEN|--header/);
    assert.match(
      text,
      /claude mcp add --transport http one https:\/\/gw\.test\/one\/mcp$/m,
    );
  });
});
