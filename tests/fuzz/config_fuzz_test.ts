// Any text as a config: a configuration, or what is wrong with it and where, and never a secret.

import { Ajv2020 } from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { configSchema } from "../../lib/config/json_schema/config_schema.ts";
import { ConfigError } from "../../lib/config/problems.ts";
import type { Problem } from "../../lib/config/problems.ts";
import { readConfig } from "../../lib/config/read.ts";
import { holds, LIMIT } from "./fuzz.ts";

const TOKEN = "tokenVALUE0123456789";
const HIDDEN = "variableSECRET0123456789";
const OTHER = "otherSECRET0123456789";
const HELD = "heldSECRET0123456789";
const HIDDEN_TOO = "clientSECRET0123456789";
const ENVIRONMENT = { HIDDEN, HIDDEN_TOO, OTHER };

const FILE = {
  version: "1.0",
  proxy: {
    name: "n",
    baseUrl: "http://h",
    addr: "127.0.0.1:80",
    allowedOrigins: ["http://o"],
    allowedHosts: ["h"],
    limits: { sessions: 10, idle: "30m", clientMessage: "32MiB" },
    auth: {
      kind: "oauth",
      issuer: "https://i/realm",
      staticPath: "/static",
      audiences: ["api://a"],
      jwksUri: "https://i/keys",
      introspection: { clientId: "c", clientSecret: "$env:HIDDEN_TOO" },
      groupsClaim: "a.b",
      allowedDomains: ["example.com"],
      scopes: {
        "s:read": { readOnly: true, tools: { deny: ["x"] } },
        all: { servers: { child: { prompts: { allow: ["*"] } } } },
      },
      tokens: {
        dev: TOKEN,
        hashed: `sha256:${"0f".repeat(32)}`,
        held: "$file:held",
        ops: {
          value: "$env:HIDDEN",
          expires: "2999-12-31",
          tools: { allow: ["read_*"], deny: ["*_all"] },
          readOnly: true,
          servers: { child: { resources: { deny: ["file:*"] } } },
        },
      },
    },
  },
  mcpServers: {
    child: {
      command: "c",
      args: ["a", "$env:OTHER"],
      cwd: "d",
      env: { A: "$env:OTHER" },
      authTokens: ["dev"],
      authScopes: ["db:use"],
      authGroups: ["dba"],
      toolFilter: { mode: "allow", tools: ["$env:OTHER", "*"] },
      timeouts: { open: "1s", request: "2s" },
    },
    remote: { url: "http://h", transport: "sse", headers: { "X-A": "b" } },
  },
};
const TEXT = JSON.stringify(FILE, undefined, 1);

function problemsOf(text: string): readonly Problem[] {
  const { config, problems } = readConfig(text, {
    file: "f.jsonc",
    directory: "/",
    environment: ENVIRONMENT,
    readFile: (path) =>
      path === "/held" ? { text: HELD } : { problem: "there is no such file" },
    platform: "linux",
  });
  const failed = problems.some(({ severity }) => severity === "error");
  assert.equal(config === undefined, failed, JSON.stringify(problems));
  return problems;
}

/** What is wanted, in messages that need no hint besides. */
const SAYS_WHAT_TO_DO =
  /\b(?:wanted|wants|may stand once|double quotes|write|more problems|closed|leave it out)\b/;

/** Fails unless each problem has its place in the text and says what is found or wanted, and no secret. */
function assertTold(text: string, secrets: readonly string[]): void {
  // The parser counts no line after a backslash at the end of one: what comes later is told a line too early.
  fc.pre(!/\\[\r\n]/.test(text));
  const problems = problemsOf(text);
  const lines = text.split(/\r\n|\n|\r/);
  for (const { line, column, message, hint } of problems) {
    assert.ok(line >= 1 && line <= lines.length, `line ${line}`);
    const length = (lines[line - 1] ?? "").length;
    assert.ok(column >= 1 && column <= length + 1, `${line}:${column}`);
    assert.ok(message.length > 10, message);
    assert.ok(hint !== undefined || SAYS_WHAT_TO_DO.test(message), message);
    assert.ok(
      !/undefined|\[object|NaN/.test(message.replace(/"[^"]*"/g, "")),
      message,
    );
  }
  const said = new ConfigError(problems).message;
  for (const secret of secrets) assert.ok(!said.includes(secret), said);
}

/** A text cut, doubled or sprinkled somewhere. */
function mutated(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      ",",
      "{",
      "}",
      "[",
      "]",
      ":",
      '"',
      "//",
      "/*",
      "*/",
      "\\",
      "\ufeff",
      "\r",
      "\u2028",
      "\0",
      "1e999",
      "null",
      "$env:",
      "$file:",
      "sha256:",
      "${",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  const edit = fc.tuple(fc.nat(TEXT.length), fc.nat(30), piece);
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce(
      (text, [at, length, put]) =>
        text.slice(0, at) + put + text.slice(at + length),
      TEXT,
    )
  );
}

/** The file with any JSON in place of the value at some place of it. */
function replaced(): fc.Arbitrary<unknown> {
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "__proto__",
      "$env:",
      "${}",
      "${A:-}",
      "$env:NONE",
      "$file:",
      "$file:held",
      "$file:none",
      "sha256:",
      `SHA256:${"A".repeat(43)}=`,
      "2027-01-31",
      "2027-01-31T12:00:00Z",
      "0s",
      "1e9h",
      "http://",
      "http://h",
      "https://i/.well-known/x",
      "/mcp",
      "/child",
      "a b",
      "account",
      "bearer_token",
      ":0",
      "[::1]:1",
    ),
  );
  return fc.tuple(fc.nat(), values).map(([place, value]) => {
    const count = { left: place % placesIn(FILE) };
    return put(FILE, count, value);
  });
}

function placesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce(
    (sum: number, one) => sum + placesIn(one),
    1,
  );
}

function put(value: unknown, count: { left: number }, to: unknown): unknown {
  if (count.left-- === 0) return to;
  if (Array.isArray(value)) return value.map((one) => put(one, count, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, put(one, count, to)]),
  );
}

it(
  "any text is a config or is told what is wrong with it, and where",
  LIMIT,
  () =>
    holds(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        (text) => assertTold(text, []),
      ),
      1_000,
      [["{,}"], [""], ["["], ["\ufeff"], ["[".repeat(100_000)], [
        '{"a":'.repeat(100_000),
      ]],
    ),
);

it(
  "a damaged config is told where, and never what a variable or a file holds",
  LIMIT,
  () =>
    holds(
      fc.property(mutated(), (text) =>
        assertTold(text, [HIDDEN, HIDDEN_TOO, OTHER, HELD])),
      1_000,
    ),
);

it(
  "a config with anything at any place is told where, and never what a variable or a file holds",
  LIMIT,
  () =>
    holds(
      fc.property(replaced(), (value) => {
        const text = JSON.stringify(value, undefined, 1);
        const tokens = text.includes(`"dev": ${JSON.stringify(TOKEN)}`)
          ? [TOKEN]
          : [];
        assertTold(text, [HIDDEN, HIDDEN_TOO, OTHER, HELD, ...tokens]);
      }),
      1_000,
    ),
);

it(
  "a config with anything at any place is taken by the JSON Schema if it is read",
  LIMIT,
  () => {
    const takes = new Ajv2020().compile(configSchema());
    return holds(
      fc.property(replaced(), (value) => {
        const text = JSON.stringify(value);
        const problems = problemsOf(text);
        if (problems.some(({ severity }) => severity === "error")) return;
        const taken = takes(JSON.parse(text));
        assert.ok(taken, JSON.stringify(takes.errors));
      }),
      2_000,
    );
  },
);

it("a config that is sound is read", () => {
  assert.deepEqual(
    problemsOf(TEXT).filter(({ severity }) => severity === "error"),
    [],
  );
});

for (const text of ["/* {\n}\r", "{ /* no end\n", '{"version": 1 /*\r\n']) {
  it(`of ${JSON.stringify(text)} it is told where it ends`, () => {
    assertTold(text, []);
  });
}

for (const text of ["{,}", '{"version": "1.0",,}', "[1,,2]"]) {
  it(`of ${text} it is the comma that is told`, () => {
    const [problem] = problemsOf(text);
    assert.match(
      problem?.message ?? "",
      /^found a comma with nothing before it/,
    );
    assert.equal(text[(problem?.column ?? 0) - 1], ",");
  });
}

for (const text of ["", " \n", "// nothing yet"]) {
  it(`of ${JSON.stringify(text)} it is told that nothing is there`, () => {
    const [problem, ...more] = problemsOf(text);
    assert.match(
      problem?.message ?? "",
      /^found nothing in this file; a config/,
    );
    assert.deepEqual(more, []);
  });
}
