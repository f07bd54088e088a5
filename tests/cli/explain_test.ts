// What `mcp-front explain` prints about the rules of a file.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explained } from "../../lib/cli/explain/explanation.ts";
import type { Question } from "../../lib/cli/explain/explanation.ts";
import { explanationJson } from "../../lib/cli/explain/explanation_json.ts";
import { explanationText } from "../../lib/cli/explain/explanation_text.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { read } from "../config/marked.ts";

const FILE = `{
  "proxy": { "addr": "127.0.0.1:0", "auth": { "kind": "bearer_token", "tokens": {
    "free": "$env:FREE",
    "some": {
      "value": "$env:SOME",
      "tools": { "allow": ["read_*", "query"],
        "deny": ["*_secret"] },
      "servers": { "files": {
        "resources": { "deny": ["*\u202e"] },
        "readOnly": true } }
    }
  } } },
  "mcpServers": {
    "database": { "command": "c" },
    "files": { "command": "c",
      "toolFilter": { "mode": "allow", "tools": ["read_*"] } },
    "theirs": { "command": "c",
      "authTokens": ["free"] }
  }
}`;

function servers(question: Question) {
  const { rules, problems } = read(FILE, { environment: "unknown" });
  assert.deepEqual(problems, []);
  assert.ok(rules);
  return explained(question, rules);
}

function text(question: Question, columns?: number): string {
  const subject = { ...question, file: "c.jsonc" };
  return explanationText(servers(question), subject, {
    columns,
    palette: PLAIN,
  });
}

describe("an explanation", () => {
  it("tells for each server the rules that decide, with their lines", () => {
    assert.equal(
      text({ token: "some" }),
      `\
server    verdict  line        rule
database  allowed  c.jsonc:14  server "database" has no authTokens: any valid token
  tools      c.jsonc:6  proxy.auth.tokens.some.tools.allow: "read_*", "query"
             c.jsonc:7  proxy.auth.tokens.some.tools.deny: "*_secret"
  prompts    no rule restricts them
  resources  no rule restricts them
files     allowed  c.jsonc:15  server "files" has no authTokens: any valid token
  tools      c.jsonc:16  toolFilter of server "files" allows only "read_*"
             c.jsonc:6   proxy.auth.tokens.some.tools.allow: "read_*", "query"
             c.jsonc:7   proxy.auth.tokens.some.tools.deny: "*_secret"
             c.jsonc:10  proxy.auth.tokens.some.servers.files.readOnly: only what says readOnlyHint
  prompts    no rule restricts them
  resources  c.jsonc:9   proxy.auth.tokens.some.servers.files.resources.deny: "*\\u202e"
theirs    denied   c.jsonc:18  authTokens of server "theirs" does not list "some"

"some" may use 2 of 3 servers
`,
    );
  });

  it("tells for a tool what is decided on each server", () => {
    assert.equal(
      text({ token: "some", tool: "read_file" }),
      `\
server    tool       verdict  line        rule
database  read_file  allowed  c.jsonc:6   proxy.auth.tokens.some.tools.allow[0] is "read_*"
files     read_file  depends  c.jsonc:10  readOnly of token "some" for server "files": it depends on the tool's readOnlyHint
theirs    read_file  denied   c.jsonc:18  authTokens of server "theirs" does not list "some"

"some" may call "read_file" on 1 of 3 servers, 1 depends
`,
    );
  });

  it("tells of one server where only that is of interest", () => {
    assert.equal(
      text({ token: "free", server: "files", tool: "query" }),
      `\
server  tool   verdict  line        rule
files   query  denied   c.jsonc:16  toolFilter of server "files" does not list it

"free" may call "query" on 0 of 1 server
`,
    );
  });

  it("cuts no rule on a narrow terminal", () => {
    const wide = text({ token: "some", tool: "read_file" });
    const words = (printed: string) =>
      printed.split(/\s+/).filter((word) => word !== "rule").toSorted();
    for (const columns of [100, 60, 30]) {
      const narrow = text({ token: "some", tool: "read_file" }, columns);
      assert.doesNotMatch(narrow, /…/);
      for (const line of narrow.split("\n")) {
        assert.ok(line.length <= columns, line);
      }
      if (columns > 30) assert.deepEqual(words(narrow), words(wide));
    }
  });

  it("gives the same as JSON", () => {
    const question = { token: "some", server: "files", tool: "read_file" };
    const json = explanationJson(servers(question), {
      ...question,
      file: "c.jsonc",
    });
    const path = "proxy.auth.tokens.some";
    assert.deepEqual(JSON.parse(json), {
      config: "c.jsonc",
      token: "some",
      expires: null,
      servers: [{
        name: "files",
        allowed: true,
        rule: 'server "files" has no authTokens: any valid token',
        line: 15,
        restrictions: [
          {
            kind: "tools",
            rule: 'toolFilter of server "files" allows only "read_*"',
            line: 16,
          },
          {
            kind: "tools",
            rule: `${path}.tools.allow: "read_*", "query"`,
            line: 6,
          },
          { kind: "tools", rule: `${path}.tools.deny: "*_secret"`, line: 7 },
          {
            kind: "tools",
            rule: `${path}.servers.files.readOnly: only what says readOnlyHint`,
            line: 10,
          },
          {
            kind: "resources",
            rule: `${path}.servers.files.resources.deny: "*\u202e"`,
            line: 9,
          },
        ],
        tools: [{
          name: "read_file",
          verdict: "depends",
          rule:
            'readOnly of token "some" for server "files": it depends on the tool\'s readOnlyHint',
          line: 10,
        }],
        error: null,
      }],
    });
  });
});
