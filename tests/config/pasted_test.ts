// `mcpServers` blocks as other tools have them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ServerConfig } from "../../lib/config/config.ts";
import { assertError, read, withServer, withServers } from "./marked.ts";

describe("a pasted block", () => {
  it("of Claude Desktop works", () => {
    const [server] = serversOf(`"memory": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-memory"],
      "env": { "MEMORY_FILE_PATH": "/tmp/memory.json" }
    }`);
    assert.equal(server.backend.kind, "stdio");
  });

  it("of Claude Code works", () => {
    const [http, sse, stdio] = serversOf(`
      "a": { "type": "http", "url": "https://h/mcp", "headers": { "X-K": "v" } },
      "b": { "type": "sse", "url": "https://h/sse" },
      "c": { "type": "stdio", "command": "c", "args": [], "env": {}, "timeout": 30000 }
    `);
    assert.equal(transportOf(http), "streamable-http");
    assert.equal(transportOf(sse), "sse");
    assert.equal(stdio.backend.timeouts.requestMs, 30_000);
  });

  it("of Windsurf works", () => {
    const [server] = serversOf(`"a": {
      "serverUrl": "https://h/mcp", "headers": { "X-K": "v" }, "disabled": false
    }`);
    assert.equal(transportOf(server), "auto");
  });

  it("of Gemini works", () => {
    const [http, stdio] = serversOf(`
      "a": { "httpUrl": "https://h/mcp", "headers": { "A": "b" }, "timeout": 5000 },
      "b": { "command": "c", "cwd": "./d", "timeout": 600000 }
    `);
    assert.equal(transportOf(http), "streamable-http");
    assert.equal(http.backend.timeouts.requestMs, 5_000);
    assert.equal(stdio.backend.timeouts.requestMs, 600_000);
  });

  it("works with a warning for each approval key", () => {
    for (const key of ["autoApprove", "alwaysAllow", "trust"]) {
      assert.match(warningOf(key), /^"\w+" has no effect here; what runs with/);
    }
  });

  it("works with a loud warning for each tool filter", () => {
    for (const key of ["includeTools", "excludeTools", "disabledTools"]) {
      assert.match(warningOf(key), /is NOT applied; it keeps no tool of this/);
    }
  });

  it("works with a warning for what is only for people", () => {
    for (const key of ["description", "name", "icon"]) {
      assert.match(warningOf(key), /^"\w+" has no effect here$/);
    }
  });

  it("of VS Code is told under which key it goes", () => {
    const text = withServers(`"a": { "command": "c" }`)
      .replace(`"mcpServers"`, `▲"servers"`)
      .replace(/}\s*$/, `, "mcpServers": { "b": { "command": "c" } } }`);
    assertError(text, {
      path: "servers",
      message: /unknown key "servers"/,
      hint: /did you mean "mcpServers"/,
    });
  });

  it("with a reference of another tool is told ours", () => {
    const headers =
      `"headers": { "Authorization": ▲"Bearer \${env:MCP_TOKEN}" }`;
    assertError(withServer(`{ "url": "https://h/mcp", ${headers} }`), {
      path: "mcpServers.x.headers.Authorization",
      message: /found "\$\{env:MCP_TOKEN\}", which is not replaced here/,
      hint: /"\$env:MCP_TOKEN" as the whole value/,
    });
  });
});

function serversOf(members: string): readonly ServerConfig[] {
  const { config, problems } = read(withServers(members));
  assert.deepEqual(problems, []);
  return config?.servers ?? [];
}

function transportOf({ backend }: ServerConfig): string | undefined {
  return backend.kind === "remote" ? backend.remote.transport : undefined;
}

function warningOf(key: string): string {
  const { config, problems } = read(
    withServer(`{ "command": "c",\n"${key}": ["a"] }`),
  );
  assert.notEqual(config, undefined);
  assert.deepEqual(
    problems.map((p) => [p.severity, p.line, p.column, p.path]),
    [["warning", 7, 1, `mcpServers.x.${key}`]],
  );
  return problems[0].message;
}
