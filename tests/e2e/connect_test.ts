// `mcp-front connect` as a process: what it prints for whom, and how it ends.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CLIENT_NAMES } from "../../lib/cli/connect/client_names.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { runCheck } from "../support/check_run.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const VALUE = "alice-token-that-is-long-enough";

const TOKENS: Readonly<Record<string, unknown>> = {
  alice: "$env:ALICE_TOKEN",
  ci: VALUE,
};

const SERVERS = {
  "files.old": { command: "no-such-program", authTokens: ["alice"] },
  tickets: { url: "$env:TICKETS_URL", authTokens: ["alice"] },
};

async function connect(
  args: readonly string[],
  { tokens = TOKENS, proxy = {}, mcpServers = SERVERS, env = {} }: {
    readonly tokens?: Readonly<Record<string, unknown>>;
    readonly proxy?: Readonly<Record<string, unknown>>;
    readonly mcpServers?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) {
  const auth = { kind: "bearer_token", tokens };
  const config = {
    proxy: { addr: "127.0.0.1:8123", auth, ...proxy },
    mcpServers,
  };
  const end = await runCheck({ config, command: "connect", args, env });
  assert.ok(!(end.stdout + end.stderr).includes(VALUE));
  return end;
}

describe("mcp-front connect", () => {
  it(
    "tells every client of all servers, without a variable being set",
    LIMIT,
    async () => {
      const { code, stdout, stderr } = await connect([]);
      assert.deepEqual([code, stderr], [0, ""]);
      const url = "http://127.0.0.1:8123/mcp";
      assert.ok(
        stdout.startsWith(
          `All servers at ${url}, as token "alice":\n\n` +
            'export MCP_TOKEN=…  # the value of token "alice" in config.jsonc\n',
        ),
        stdout,
      );
      const headings = [...stdout.matchAll(/^[A-Z].*, in .+:$/gm)];
      assert.deepEqual(headings.map(String), [
        "Claude Code, in a shell:",
        "Claude Code, in .mcp.json:",
        "Cursor, in .cursor/mcp.json:",
        "VS Code, in .vscode/mcp.json:",
        "Windsurf, in ~/.codeium/windsurf/mcp_config.json:",
        "Codex CLI, in ~/.codex/config.toml:",
        "Gemini CLI, in ~/.gemini/settings.json:",
        "Claude Desktop, through mcp-remote, in claude_desktop_config.json, " +
        "with your token in place of <token>:",
        "MCP Inspector, in a shell:",
      ]);
      assert.equal(stdout.split(`${url}`).length - 1, 10);
    },
  );

  it(
    "prints the snippet of one client alone, and to stderr where it goes",
    LIMIT,
    async () => {
      const args = ["-client", "cursor", "-server", "tickets"];
      const { code, stdout, stderr } = await connect(args);
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), {
        mcpServers: {
          tickets: {
            url: "http://127.0.0.1:8123/tickets/mcp",
            headers: { Authorization: "Bearer ${env:MCP_TOKEN}" },
          },
        },
      });
      assert.equal(
        stderr,
        `\
Server "tickets" at http://127.0.0.1:8123/tickets/mcp, as token "alice"
export MCP_TOKEN=…  # the value of token "alice" in config.jsonc
Cursor, in .cursor/mcp.json:
`,
      );
    },
  );

  it("takes any token for a server without authTokens", LIMIT, async () => {
    const mcpServers = { ...SERVERS, open: { command: "c" } };
    const args = ["-token", "ci", "-client", "codex"];
    const { code, stderr } = await connect(args, { mcpServers });
    assert.equal(code, 0);
    assert.match(stderr, /^All servers at \S+, as token "ci"$/m);
  });

  it(
    "gives a server a name that every client takes, and its own address",
    LIMIT,
    async () => {
      const args = ["-client", "codex", "-server", "files.old"];
      const { stdout } = await connect(args);
      assert.equal(
        stdout,
        `\
[mcp_servers.files-old]
url = "http://127.0.0.1:8123/files.old/mcp"
bearer_token_env_var = "MCP_TOKEN"
`,
      );
    },
  );

  it("uses baseUrl, from a variable too", LIMIT, async () => {
    const { stdout } = await connect(["-client", "claude-code"], {
      proxy: { baseUrl: "$env:PUBLIC_URL" },
      env: { PUBLIC_URL: "https://gw.example/tools/" },
    });
    assert.equal(
      stdout,
      "claude mcp add --transport http mcp-front https://gw.example/tools/mcp " +
        '--header "Authorization: Bearer $MCP_TOKEN"\n',
    );
  });

  it(
    "allows mcp-remote plain HTTP only where it would refuse it",
    LIMIT,
    async () => {
      const argsFor = async (baseUrl: string) => {
        const args = ["-client", "claude-desktop"];
        const { stdout } = await connect(args, { proxy: { baseUrl } });
        return JSON.parse(stdout).mcpServers["mcp-front"].args;
      };
      assert.equal((await argsFor("http://10.0.0.7")).at(-1), "--allow-http");
      for (const url of ["https://gw.example", "http://[::1]:1"]) {
        assert.ok(!(await argsFor(url)).includes("--allow-http"), url);
      }
    },
  );

  it("prints JSON", LIMIT, async () => {
    const { code, stdout, stderr } = await connect(["-json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const { clients, ...rest } = JSON.parse(stdout);
    assert.deepEqual(rest, {
      config: "config.jsonc",
      server: null,
      token: "alice",
      variable: "MCP_TOKEN",
      name: "mcp-front",
      url: "http://127.0.0.1:8123/mcp",
    });
    assert.deepEqual(
      clients.map(({ name }: { name: string }) => name),
      CLIENT_NAMES,
    );
  });

  it(
    "says so where the file has only the hash of the token",
    LIMIT,
    async () => {
      const hash = hashText(VALUE);
      for (const alice of [hash, { value: hash, expires: "2999-12-31" }]) {
        const tokens = { ...TOKENS, alice, ci: "$file:missing" };
        const { code, stdout, stderr } = await connect([], { tokens });
        assert.deepEqual([code, stderr], [0, ""]);
        assert.match(
          stdout,
          /^export MCP_TOKEN=… {2}# the token "alice"; config\.jsonc has its hash$/m,
        );
        assert.ok(!stdout.includes(hash));
      }
    },
  );

  it(
    "takes a token that has expired only where none is left",
    LIMIT,
    async () => {
      const over = { value: "$env:OVER_TOKEN", expires: "2020-01-31" };
      const mcpServers = { open: { command: "c" } };
      const args = ["-client", "codex"];
      const tokens = { over, ...TOKENS };
      const other = await connect(args, { tokens, mcpServers });
      assert.match(other.stderr, /^All servers at \S+, as token "alice"$/m);
      const only = await connect(args, { tokens: { over }, mcpServers });
      assert.equal(only.code, 0);
      assert.match(only.stderr, /warning: .*token "over" has expired: /);
      assert.match(only.stderr, /^All servers at \S+, as token "over"$/m);
    },
  );

  it(
    "takes the address from a file, which has to be there",
    LIMIT,
    async () => {
      await using folder = await TemporaryFolder.create();
      const path = join(folder.path, "url");
      writeFileSync(path, "https://gw.example\n", { mode: 0o600 });
      const baseUrl = `$file:${path}`;
      const { code, stdout } = await connect(["-json"], { proxy: { baseUrl } });
      assert.equal(code, 0);
      assert.equal(JSON.parse(stdout).url, "https://gw.example/mcp");
      const proxy = { baseUrl: "$file:missing" };
      const none = await connect([], { proxy });
      assert.deepEqual([none.code, none.stdout], [2, ""]);
      assert.match(
        none.stderr,
        /^config\.jsonc:1:\d+: error: proxy\.baseUrl: the file cannot be used: there is no such file/,
      );
    },
  );

  it("says which variable the address waits for", LIMIT, async () => {
    const proxy = { baseUrl: "$env:PUBLIC_URL" };
    const { code, stdout, stderr } = await connect([], { proxy });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^config\.jsonc:1:\d+: error: proxy\.baseUrl: the environment variable PUBLIC_URL is not set/,
    );
  });

  const wrong: [string, readonly string[], string, string][] = [
    [
      "an unknown client",
      ["-client", "curser"],
      'there is no client "curser"',
      `did you mean "cursor"? the clients are: ${CLIENT_NAMES.join(", ")}`,
    ],
    [
      "an unknown server",
      ["-server", "ticket"],
      'there is no server "ticket" in config.jsonc',
      'did you mean "tickets"? the servers are: files.old, tickets',
    ],
    [
      "an unknown token",
      ["-token", "alic"],
      'there is no token "alic" in config.jsonc',
      'did you mean "alice"? the tokens are: alice, ci',
    ],
    [
      "the value of a token",
      ["-token", VALUE],
      "-token takes the name of a token, and this is the value of one",
      "write -token ci",
    ],
    [
      "a token that may not use the server",
      ["-server", "tickets", "-token", "ci"],
      'token "ci" may not use server "tickets"',
      'write "ci" into authTokens of server "tickets", or name one of: alice',
    ],
    [
      "a token that may use no server",
      ["-token", "ci"],
      'token "ci" may not use any server of config.jsonc',
      'write "ci" into the authTokens of a server, or name one of: alice',
    ],
  ];
  for (const [what, args, error, hint] of wrong) {
    it(`ends with 2 for ${what}`, LIMIT, async () => {
      const { code, stdout, stderr } = await connect(args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.equal(
        stderr,
        `mcp-front: error: ${error}\nmcp-front: hint: ${hint}\n`,
      );
    });
  }

  it("ends with 2 for a server that no token may use", LIMIT, async () => {
    const mcpServers = { shut: { command: "c", authTokens: [] } };
    const args = ["-server", "shut"];
    const { code, stderr } = await connect(args, { mcpServers });
    assert.equal(code, 2);
    assert.match(stderr, /error: no token may use server "shut"$/m);
  });

  it(
    "does not guess who may use a server where only a variable or a file tells",
    LIMIT,
    async () => {
      for (const [place, shown] of [["$env:WHO", "WHO"], ["$file:who"]]) {
        const mcpServers = { shut: { command: "c", authTokens: [place] } };
        const { code, stderr } = await connect([], { mcpServers });
        assert.equal(code, 2);
        const said = `rules in config.jsonc come from variables or files: ${
          shown ?? place
        }`;
        assert.ok(stderr.includes(`${said}\n`), stderr);
      }
    },
  );

  it(
    "ends with 2 where the port is not known before the start",
    LIMIT,
    async () => {
      const proxy = { addr: "127.0.0.1:0" };
      const { code, stdout, stderr } = await connect([], { proxy });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /hint: name a port there, or set proxy\.baseUrl$/m);
    },
  );
});
