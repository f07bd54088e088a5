// Servers as each client writes them, and what they are in our configuration.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importFrom } from "../support/imported.ts";
import type { Machine } from "../support/imported.ts";

interface Case extends Machine {
  readonly what: string;
  readonly expected: Readonly<Record<string, unknown>>;
  /** What is said of what cannot be said in ours. */
  readonly losses?: Readonly<Record<string, readonly string[]>>;
}

const CASES: readonly Case[] = [
  {
    what: "Claude Desktop, which replaces nothing in its texts",
    files: {
      ".config/Claude/claude_desktop_config.json": `{
  "globalShortcut": "",
  "mcpServers": {
    "memory": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-memory"],
      "env": { "MEMORY_FILE_PATH": "/tmp/memory.json", "LIMIT": 5 }
    },
    "remote": {
      "command": "npx",
      "args": ["-y", "mcp-remote", "https://h.example/mcp", "--header", "Authorization:\${AUTH_HEADER}"],
      "env": { "AUTH_HEADER": "Bearer $env:X" }
    }
  }
}`,
    },
    expected: {
      memory: {
        command: "npx",
        args: ["-y", "@modelcontextprotocol/server-memory"],
        env: { MEMORY_FILE_PATH: "/tmp/memory.json", LIMIT: "5" },
      },
      remote: {
        command: "npx",
        args: [
          "-y",
          "mcp-remote",
          "https://h.example/mcp",
          "--header",
          "Authorization:$${AUTH_HEADER}",
        ],
        env: { AUTH_HEADER: "Bearer $$env:X" },
      },
    },
  },
  {
    what: "Claude Code, in ~/.claude.json for everywhere and for each project",
    files: {
      ".claude.json": `{
  "numStartups": 7,
  "mcpServers": {
    "github": { "type": "http", "url": "https://api.example/mcp/",
      "headers": { "Authorization": "Bearer \${GITHUB_TOKEN}" } },
    "old": { "type": "sse", "url": "\${OLD_URL:-https://old.example/sse}" },
    "odd": { "command": "\${SHELL}", "args": ["\${1}", "\${A}-\${B:-b}"], "timeout": 90000 }
  },
  "projects": {
    "HOME/other": {
      "allowedTools": [],
      "mcpServers": {
        "here": { "type": "stdio", "command": "./run.sh", "args": [], "env": {} },
        "off": { "command": "x" }
      },
      "disabledMcpServers": ["off"]
    },
    "HOME/gone": { "mcpServers": { "lost": { "command": "x" } } },
    "HOME/project": { "mcpServers": { "near": { "command": "./near.sh" } } }
  }
}`,
      "other/run.sh": "",
    },
    expected: {
      github: {
        url: "https://api.example/mcp/",
        transport: "streamable-http",
        headers: { Authorization: "$env:GITHUB_AUTHORIZATION" },
      },
      old: { url: "$env:OLD_URL|https://old.example/sse", transport: "sse" },
      odd: {
        command: "$env:SHELL",
        args: ["$${1}", "$env:ODD_ARGS_1"],
        timeouts: { request: "90s" },
      },
      near: { command: "./near.sh" },
      here: { command: "HOME/other/run.sh", cwd: "HOME/other" },
    },
  },
  {
    what: "Claude Code, in .mcp.json of the project",
    configFolder: "elsewhere",
    files: {
      "project/.mcp.json": `{ "mcpServers": {
  "db": { "command": "bin/db", "args": ["--url", "\${DB_URL}"], "env": { "A": "\${A:-}" } },
  "api": { "type": "streamable-http", "url": "\${BASE:-https://api.example}/mcp",
    "headersHelper": "./headers.sh", "oauth": { "clientId": "x" } },
  "ws": { "type": "ws", "url": "wss://h.example" }
} }`,
    },
    expected: {
      db: {
        command: "HOME/project/bin/db",
        args: ["--url", "$env:DB_URL"],
        env: { A: "$env:A|" },
        cwd: "HOME/project",
      },
      api: {
        url: "$env:API_URL|https://api.example/mcp",
        transport: "streamable-http",
      },
    },
    losses: {
      api: [
        'the program that makes its headers: set "headers"',
        'the login that the client does: set "headers"',
      ],
    },
  },
  {
    what: "Cursor, with comments and its variables",
    files: {
      ".cursor/mcp.json": `\uFEFF{
  // all projects
  "mcpServers": {
    "search": { "url": "https://s.example/mcp", "headers": { "X-Key": "\${env:SEARCH_KEY}" } },
    "files": { "command": "npx", "args": ["-y", "files", "\${userHome}\${/}docs", "\${FOO}"], "envFile": ".env" },
    "window": { "command": "x", "args": ["\${workspaceFolder}"] },
  },
}`,
      "project/.cursor/mcp.json": `{ "mcpServers": {
  "local": { "type": "stdio", "command": "\${workspaceFolder}/bin/x",
    "args": ["\${workspaceFolderBasename}", "\${env:A}\${pathSeparator}b"] }
} }`,
    },
    expected: {
      search: {
        url: "https://s.example/mcp",
        headers: { "X-Key": "$env:SEARCH_KEY" },
      },
      files: { command: "npx", args: ["-y", "files", "HOME/docs", "$${FOO}"] },
      local: {
        command: "HOME/project/bin/x",
        args: ["project", "$env:LOCAL_ARGS_1"],
      },
    },
    losses: {
      files: ['what "envFile" holds: set it by "env" or "inheritEnv"'],
    },
  },
  {
    what: "VS Code, with what it asks its user for",
    files: {
      ".config/Code/User/mcp.json": `{
  "inputs": [
    { "type": "promptString", "id": "api-key", "description": "The key", "password": true },
    { "type": "promptString", "id": "region", "description": "Region", "default": "eu" },
    { "type": "promptString", "id": "path", "description": "Not the PATH" }
  ],
  "servers": {
    "ask": { "type": "stdio", "command": "npx", "args": ["-y", "ask", "\${input:region}", "\${input:path}"],
      "env": { "API_KEY": "\${input:api-key}" }, "gallery": true, "version": "1.0" },
    "box": { "command": "x", "sandboxEnabled": true, "sandbox": {} },
    "http": { "type": "http", "url": "https://h.example/mcp",
      "headers": { "Authorization": "Bearer \${input:api-key}", "content-type": "application/json" } },
    "stream": { "type": "sse", "url": "https://h.example/sse" },
    "socket": { "type": "http", "url": "unix:///run/x.sock" },
    "setting": { "command": "\${config:my.command}" }
  }
}`,
      "project/.vscode/mcp.json": `{
  "inputs": [{ "type": "promptString", "id": "api-key" }],
  "servers": { "other": { "command": "y", "env": { "KEY": "\${input:api-key}" } } }
}`,
    },
    expected: {
      ask: {
        command: "npx",
        args: ["-y", "ask", "$env:REGION|eu", "$env:PATH_2"],
        env: { API_KEY: "$env:API_KEY" },
      },
      box: { command: "x" },
      http: {
        url: "https://h.example/mcp",
        headers: { Authorization: "$env:HTTP_AUTHORIZATION" },
      },
      stream: { url: "https://h.example/sse", transport: "sse" },
      other: { command: "y", env: { KEY: "$env:API_KEY_2" } },
    },
    losses: {
      box: ["the sandbox that it runs in: it may do all that you may"],
      http: ['the header "content-type": the gateway sets it itself'],
    },
  },
  {
    what: "Windsurf, with files in its texts",
    files: {
      ".codeium/windsurf/mcp_config.json": `{ "mcpServers": {
  "a": { "serverUrl": "https://a.example/mcp", "headers": { "X-Key": "\${file:/run/secrets/key}", "X-Own": "\${file:~/key}" } },
  "b": { "command": "b", "env": { "K": "\${env:K}" }, "disabledTools": ["drop_all"] },
  "c": { "command": "c", "disabled": true }
} }`,
    },
    expected: {
      a: {
        url: "https://a.example/mcp",
        headers: {
          "X-Key": "$file:/run/secrets/key",
          "X-Own": "$file:HOME/key",
        },
      },
      b: {
        command: "b",
        env: { K: "$env:K" },
        toolFilter: { mode: "deny", tools: ["drop_all"] },
      },
    },
  },
  {
    what: "Codex CLI, in TOML",
    files: {
      ".codex/config.toml": `
model = "gpt-5" # and more
big = 99999999999999999

[mcp_servers.context7]
command = "npx"
args = ["-y", "@upstash/context7-mcp"]
env_vars = ["HTTPS_PROXY", { name = "KEY" }]
startup_timeout_sec = 20
tool_timeout_sec = 0.5
enabled_tools = ["a", "b"]
disabled_tools = ["b"]

[mcp_servers.context7.env]
LITERAL = "\${X}"

[mcp_servers.sentry]
url = "https://mcp.example/mcp"
bearer_token_env_var = "SENTRY_TOKEN"
http_headers = { "X-Region" = "eu" }
env_http_headers = { "X-Org" = "SENTRY_ORG" }
startup_timeout_ms = 1500

[mcp_servers.off]
command = "x"
enabled = false

[mcp_servers.far]
command = "x"
env_vars = [{ name = "KEY", source = "remote" }]
`,
    },
    expected: {
      context7: {
        command: "npx",
        args: ["-y", "@upstash/context7-mcp"],
        env: { LITERAL: "$${X}" },
        inheritEnv: ["HTTPS_PROXY", "KEY"],
        timeouts: { open: "20s", request: "500ms" },
        toolFilter: { mode: "allow", tools: ["a"] },
      },
      sentry: {
        url: "https://mcp.example/mcp",
        transport: "streamable-http",
        headers: {
          "X-Region": "eu",
          "X-Org": "$env:SENTRY_ORG",
          Authorization: "$env:SENTRY_AUTHORIZATION",
        },
        timeouts: { open: "1500ms" },
      },
    },
  },
  {
    what: "Gemini CLI, with dollars and its lists of servers",
    files: {
      ".gemini/settings.json": `{
  "theme": "Dracula",
  "mcp": { "excluded": ["never"] },
  "mcpServers": {
    "new": { "httpUrl": "https://n.example/mcp", "headers": { "X": "$KEY", "Y": "costs $5" },
      "timeout": 5000, "trust": true, "includeTools": ["a"] },
    "typed": { "url": "https://t.example", "type": "sse", "timeout": 864000000 },
    "found": { "url": "https://f.example", "authProviderType": "google_credentials" },
    "child": { "command": "python", "args": ["-m", "s", "-v", "\${PWD}:/w"], "cwd": "./servers",
      "env": { "A": "\${A:-b}" }, "excludeTools": ["x"] },
    "never": { "command": "x" }
  }
}`,
    },
    expected: {
      new: {
        url: "https://n.example/mcp",
        transport: "streamable-http",
        headers: { X: "$env:KEY", Y: "costs $5" },
        timeouts: { request: "5s" },
        toolFilter: { mode: "allow", tools: ["a"] },
      },
      typed: { url: "https://t.example", transport: "sse" },
      found: { url: "https://f.example" },
      child: {
        command: "python",
        args: ["-m", "s", "-v", "$env:CHILD_ARGS_3"],
        env: { A: "$env:A|b" },
        cwd: "./servers",
        toolFilter: { mode: "deny", tools: ["x"] },
      },
    },
    losses: {
      typed: ["its time limit, which is not within 1ms to 24h"],
      found: ['the login that the client does: set "headers"'],
    },
  },
];

describe("an import", () => {
  for (const { what, expected, losses = {}, ...machine } of CASES) {
    it(`takes over the servers of ${what}`, async () => {
      const { mcpServers, servers } = await importFrom(machine);
      const wanted = Object.entries(expected).map(([name, entry]) => [
        name,
        { ...entry as Record<string, unknown>, authTokens: ["dev"] },
      ]);
      assert.deepEqual(mcpServers, Object.fromEntries(wanted));
      assert.deepEqual(Object.keys(mcpServers), Object.keys(expected));
      const lost = servers.filter((one) => one.losses.length > 0)
        .map((one) => [one.name, one.losses]);
      assert.deepEqual(Object.fromEntries(lost), losses);
    });
  }
});
