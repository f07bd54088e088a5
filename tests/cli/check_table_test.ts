// How the report of `mcp-front check` is laid out.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { displayWidth } from "../../lib/cli/check/display_width.ts";
import { jsonReport } from "../../lib/cli/check/json_report.ts";
import type { ServerReport } from "../../lib/cli/check/server_report.ts";
import { table } from "../../lib/cli/check/table.ts";
import { PLAIN } from "../../lib/cli/palette.ts";

const READY: ServerReport = {
  name: "files",
  token: "dev",
  transport: "stdio",
  status: "ready",
  greeting: {
    revision: "2025-11-25",
    name: "secure-filesystem-server",
    version: "0.2.0",
    connectMs: 412,
  },
  offers: { tools: 14, resources: 0 },
};

const FAILED: ServerReport = {
  name: "db",
  token: "dev",
  transport: "auto",
  status: "failed",
  failure: {
    fault: "backend_exited",
    message: 'Server "db" exited with code 3',
    lastWords: ["reading the configuration", "cannot open the database"],
    hint: "look at its variables",
  },
};

const NOT_ALLOWED: ServerReport = {
  name: "secret",
  token: "dev",
  transport: "sse",
  status: "not_allowed",
  rule: 'authTokens of server "secret" does not list "dev"',
};

const ALL = [READY, FAILED, NOT_ALLOWED];

function shown(reports: readonly ServerReport[], columns?: number): string {
  return table(reports, { columns, palette: PLAIN });
}

describe("the table", () => {
  it("has a row for each server, and what went wrong below it", () => {
    assert.equal(
      shown(ALL),
      `\
server  status        transport  revision    tools  prompts  resources  implementation
files   ready 412 ms  stdio      2025-11-25     14        -          0  secure-filesystem-server 0.2.0
db      failed        auto
  Server "db" exited with code 3
  it last said:
  | reading the configuration
  | cannot open the database
  hint: look at its variables
secret  not allowed   sse
  authTokens of server "secret" does not list "dev"

1 of 2 servers is ready, 1 is not allowed, as "dev"
`,
    );
  });

  it("shows what a server says of itself in full where it is not for a terminal", () => {
    const name = "x".repeat(300);
    const greeting = { ...READY.greeting, name };
    assert.ok(shown([{ ...READY, greeting }]).includes(`${name} 0.2.0\n`));
  });

  it("cuts the last column on a terminal that is a little too narrow", () => {
    const lines = shown([READY], 90).split("\n");
    assert.match(lines[1] as string, / 0 {2}secure-filesystem…$/);
    assert.equal(lines[1]?.length, 90);
  });

  it("puts the last column below the row on a narrow terminal", () => {
    const [titles, row, below] = shown([READY], 80).split("\n");
    assert.match(titles as string, / resources$/);
    assert.match(row as string, / 14 {8}- {10}0$/);
    assert.equal(below, "  secure-filesystem-server 0.2.0");
  });

  it("is a list on a terminal that is too narrow for that", () => {
    const text = shown([READY, FAILED], 40);
    assert.equal(
      text.slice(0, text.indexOf("  it last said")),
      `\
files
  status ready 412 ms, transport stdio,
  revision 2025-11-25, tools 14, prompts
  -, resources 0, implementation
  secure-filesystem-server 0.2.0
db
  status failed, transport auto
  Server "db" exited with code 3
`,
    );
  });

  it("names the token in each row where they differ", () => {
    const [titles, ...rows] = shown([READY, { ...FAILED, token: "ci" }])
      .split("\n");
    assert.match(titles as string, /^server {2}token {2}status /);
    assert.match(rows[0] as string, /^files {3}dev {4}ready /);
    assert.match(rows[1] as string, /^db {6}ci {5}failed /);
  });

  it("never has a line wider than the terminal, whatever is in it", () => {
    const odd: ServerReport = {
      ...READY,
      name: "a-server-with-quite-a-long-name",
      token: "データベース管理者",
    };
    const failure = {
      ...FAILED.failure,
      message: `no ${"word".repeat(60)} and then データベース管理者`,
      lastWords: ["データ".repeat(50)],
    };
    const reports = [odd, { ...FAILED, failure }, NOT_ALLOWED];
    for (const columns of [20, 40, 60, 79, 80, 81, 100, 120, 200]) {
      for (const line of shown(reports, columns).split("\n")) {
        assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
      }
    }
  });

  it("keeps columns in line below wide and combining characters", () => {
    const tokens = ["dev", "データ", "e\u0301te\u0301", "👩‍👩‍👧"];
    const lines = shown(tokens.map((token) => ({ ...READY, token })))
      .split("\n").slice(1, 5);
    const before = lines.map((line) => line.slice(0, line.indexOf("ready")));
    assert.deepEqual(before.map(displayWidth), [16, 16, 16, 16]);
  });

  it("loses no word when it wraps", () => {
    const message = Array.from({ length: 40 }, (_, at) => `word${at}`);
    const failure = { ...FAILED.failure, message: message.join(" ") };
    const text = shown([{ ...FAILED, failure }], 50);
    assert.deepEqual(text.match(/word\d+/g), message);
  });

  it("gives the status a colour and nothing else of the row", () => {
    const text = table(ALL, {
      palette: (role, text) => `<${role}>${text}</${role}>`,
    });
    assert.match(text, /^files {3}<good>ready 412 ms<\/good> {2}stdio/m);
    assert.match(text, /^db {6}<error>failed<\/error> {8}auto$/m);
    assert.match(text, /^ {2}<hint>hint: <\/hint>look at its variables$/m);
  });

  it("counts in its last line", () => {
    const last = (reports: readonly ServerReport[]) =>
      shown(reports).trimEnd().split("\n").at(-1);
    assert.equal(last([READY]), '1 of 1 server is ready, as "dev"');
    assert.equal(
      last([READY, READY, FAILED]),
      '2 of 3 servers are ready, as "dev"',
    );
    assert.equal(
      last([NOT_ALLOWED, NOT_ALLOWED]),
      '0 of 0 servers are ready, 2 are not allowed, as "dev"',
    );
  });
});

describe("the JSON form", () => {
  it("has the same members for every server", () => {
    const { servers, ...rest } = JSON.parse(jsonReport("c.jsonc", ALL));
    assert.deepEqual(rest, {
      config: "c.jsonc",
      ready: 1,
      failed: 1,
      not_allowed: 1,
    });
    const none = {
      revision: null,
      server: null,
      tools: null,
      prompts: null,
      resources: null,
      resource_templates: null,
      connect_ms: null,
      error: null,
      rule: null,
    };
    assert.deepEqual(servers, [
      {
        ...none,
        name: "files",
        token: "dev",
        status: "ready",
        transport: "stdio",
        revision: "2025-11-25",
        server: { name: "secure-filesystem-server", version: "0.2.0" },
        tools: 14,
        resources: 0,
        connect_ms: 412,
      },
      {
        ...none,
        name: "db",
        token: "dev",
        status: "failed",
        transport: "auto",
        error: {
          fault: "backend_exited",
          message: 'Server "db" exited with code 3',
          last_words: ["reading the configuration", "cannot open the database"],
          hint: "look at its variables",
        },
      },
      {
        ...none,
        name: "secret",
        token: "dev",
        status: "not_allowed",
        transport: "sse",
        rule: 'authTokens of server "secret" does not list "dev"',
      },
    ]);
  });
});
