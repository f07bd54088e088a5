// The gateway for one command: what its server is called, and the configuration that is made for it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { frontBlock } from "../../lib/cli/front/block.ts";
import { frontConfig } from "../../lib/cli/front/front_config.ts";
import { serverNameOf } from "../../lib/cli/front/server_name_of.ts";
import { CommandError } from "../../lib/cli/command_error.ts";
import { PLAIN } from "../../lib/cli/palette.ts";

const TOKEN = "a-token-that-is-long-enough";

describe("the name of a command's server", () => {
  const cases: [string, string][] = [
    ["npx -y @modelcontextprotocol/server-everything", "everything"],
    [
      "npx -y @modelcontextprotocol/server-filesystem@2026.8.31 .",
      "filesystem",
    ],
    ["npx --yes -p some-pkg cmd", "some-pkg"],
    ["/usr/bin/npx @playwright/mcp@latest --headless", "playwright"],
    ["pnpm dlx @upstash/context7-mcp", "context7"],
    ["bunx github-mcp-server", "github"],
    ["uvx mcp-server-git --repository .", "git"],
    ["uv run --directory /srv/weather weather.py", "weather"],
    ["python3 -m mcp_server_fetch", "fetch"],
    ["python server.py", "server"],
    ["node build/index.js", "index"],
    ["node ../tickets-mcp/build/index.js", "tickets"],
    [
      "node ./node_modules/@modelcontextprotocol/server-memory/dist/index.js",
      "memory",
    ],
    ["deno run -A jsr:@scope/notes", "notes"],
    [
      "docker run -i --rm -e GITHUB_TOKEN ghcr.io/github/github-mcp-server:1.2 stdio",
      "github",
    ],
    ["mcp-front demo database", "database"],
    ["C:\\tools\\My-Server.exe", "My"],
    ["./run.sh", "run"],
    ["mcp", "mcp-server"],
    ["server", "server"],
    ["/opt/health", "health-server"],
    ["...", "server"],
  ];
  for (const [line, expected] of cases) {
    it(`is ${expected} for ${line}`, () => {
      const [command = "", ...args] = line.split(" ");
      assert.equal(serverNameOf(command, args), expected);
    });
  }
});

describe("the configuration for a command", () => {
  const environment = { PATH: "/bin", OWN: "x", "odd name": "y" };

  it("has the command as it was typed, the variables there are, and of the token its hash", () => {
    const args = ["$env:OWN", "${OWN}", "$$file:x", ""];
    const { config, server } = frontConfig(
      "s",
      { command: "./s", args, port: 0 },
      TOKEN,
      environment,
    );
    assert.deepEqual(config.address, { hostname: "127.0.0.1", port: 0 });
    const { backend } = server;
    assert.ok(backend.kind === "stdio");
    assert.deepEqual(backend.stdio.args, args);
    assert.match(backend.stdio.command, /^[/\\A-Z].*s$/);
    assert.deepEqual(backend.stdio.env, { PATH: "/bin", OWN: "x" });
    const [token] = config.tokens.values();
    assert.equal(token?.value, undefined);
  });

  it("is refused by the rules of every configuration", () => {
    const options = { command: "~/s", args: [], port: 0 };
    assert.throws(
      () => frontConfig("s", options, TOKEN, environment),
      (error) =>
        error instanceof CommandError && error.exitCode === 2 &&
        error.message.includes('found "~", which only a shell replaces'),
    );
  });
});

describe("the block for a command", () => {
  it("has the token once, and a name that every client takes", () => {
    const text = frontBlock(
      { name: "a.b", url: "http://127.0.0.1:1", token: TOKEN },
      PLAIN,
    );
    assert.equal(text.split(TOKEN).length, 2);
    assert.match(text, new RegExp(`^export MCP_TOKEN=${TOKEN}$`, "m"));
    assert.match(
      text,
      /^mcp-front .*: "a\.b" is at http:\/\/127\.0\.0\.1:1\/mcp /,
    );
    assert.match(text, /^claude mcp add --transport http a-b http:/m);
    assert.match(text, /^\[mcp_servers\.a-b\]$/m);
  });
});
