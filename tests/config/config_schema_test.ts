// The JSON Schema of the file, by a real validator: it takes what the program takes, and explains every key.

import { Ajv2020 } from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "jsonc-parser";
import { digestOf } from "../../lib/auth/token.ts";
import { configSchema } from "../../lib/config/json_schema/config_schema.ts";
import { authSchema, serverSchema } from "../../lib/config/schema.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { blocksOf } from "../support/markdown.ts";
import {
  DEVELOPMENT_EXAMPLE,
  PARTIAL_EXAMPLES,
} from "./documented_examples.ts";
import { completed, uncommented } from "./example_texts.ts";
import { read } from "./marked.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const ajv = new Ajv2020({
  strict: true,
  // What is required stands apart from what is described, and references beside what they refer to.
  strictRequired: false,
  allErrors: true,
});
const schema = configSchema();
const validate = ajv.compile(schema);

const DIGEST = digestOf("a-token-of-some-length-4");

type Json = Record<string, unknown>;

/** Where the schema objects to a text, and by which keyword. */
function objections(text: string): string[] {
  validate(parse(text, [], { allowTrailingComma: true }));
  return (validate.errors ?? []).map(({ instancePath, keyword }) =>
    `${instancePath} ${keyword}`
  );
}

function fileOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function jsoncOf(path: string): string[] {
  return blocksOf(join(ROOT, path))
    .filter(({ language }) => language === "jsonc")
    .map(({ text }) => text);
}

function jsonOf(path: string): string {
  const blocks = blocksOf(join(ROOT, path));
  return blocks.find(({ language }) => language === "json")?.text ?? "";
}

/** A file that says everything, but for what contradicts it. */
const EVERYTHING = {
  $schema: "config.schema.json",
  version: "1.0",
  proxy: {
    name: "Gateway",
    baseUrl: "HTTPS://gw.example/tools",
    addr: "[::1]:8080",
    tls: { cert: "cert.pem", key: "../key.pem", clientCa: "/etc/ca.pem" },
    auth: {
      kind: "oauth",
      issuer: "https://login.example/realms/tools/",
      staticPath: "/static",
      audiences: ["api://gw"],
      jwksUri: "https://login.example/keys?of=gw",
      introspection: {
        clientId: "gw",
        clientSecret: "a-client-secret",
        endpoint: "HTTPS://login.example/introspect",
      },
      groupsClaim: "realm_access.roles",
      allowedDomains: ["example.com"],
      scopes: {
        "mcp:read": { readOnly: true, tools: { deny: ["x"] } },
        "mcp:write": { servers: { reached: { prompts: { allow: ["a"] } } } },
      },
      tokens: {
        plain: "a-token-of-some-length-1",
        hashed: hashText("a-token-of-some-length-3"),
        scoped: {
          value: "a-token-of-some-length-2",
          expires: "2999-12-31T12:00:00.5+01:00",
          tools: { allow: ["read_*"], deny: ["*_secret"] },
          prompts: { deny: ["x"] },
          resources: { allow: ["file:///srv/*"] },
          readOnly: true,
          servers: { started: { tools: { allow: ["a"] }, readOnly: false } },
        },
      },
    },
    allowedOrigins: ["https://inspector.example"],
    allowedHosts: ["gateway.test"],
    trustedProxies: ["loopback", "10.0.0.0/8"],
    limits: {
      sessions: 10,
      sessionsPerToken: 10,
      children: 10,
      childrenPerToken: 10,
      childrenPerServer: 10,
      requestsPerSession: 10,
      clientMessage: "1MiB",
      serverMessage: "1.5MiB",
      headers: "64KiB",
      streamBuffer: "1GiB",
      sessionBuffer: "1GiB",
      open: "500ms",
      request: "1.5h",
      requestMax: "2h",
      idle: "30m",
    },
    root: { prefix: "on-conflict", separator: "-", nameLength: 24 },
  },
  mcpServers: {
    started: {
      type: "stdio",
      command: "server",
      args: ["-y"],
      env: { A: "b" },
      inheritEnv: ["HTTPS_PROXY"],
      cwd: "./work",
      authTokens: ["plain", "scoped"],
      authScopes: ["db:use"],
      authGroups: ["dba", "/sre on call"],
      timeouts: { open: "1s", request: "1m", requestMax: "1h" },
      toolFilter: { mode: "deny", tools: ["*b"] },
      disabled: false,
    },
    reached: {
      url: "https://db:3000/sse",
      transport: "auto",
      ca: "ca.pem",
      headers: { Authorization: "Bearer x" },
      timeout: 5000,
    },
    pasted: {
      serverUrl: "http://x/",
      type: "http",
      autoApprove: [],
      tools: [],
    },
    old: { httpUrl: "http://x/", type: "streamable_http", description: "x" },
  },
};

/** `auth` with static tokens alone. */
const BEARER = { kind: "bearer_token", tokens: EVERYTHING.proxy.auth.tokens };

/** The same with a reference in place of every string; the names that others refer to stay. */
function referring(value: unknown, reference: string): unknown {
  if (typeof value === "string") return reference;
  if (Array.isArray(value)) {
    return value.map((one) => referring(one, reference));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, referring(one, reference)]),
  );
}

const HASHED = "/proxy/auth/tokens/hashed";
const EXPIRES = "/proxy/auth/tokens/scoped/expires";

/** Every way to write a hash. */
const HASHES = [
  `sha256:${DIGEST}`,
  `SHA256:${DIGEST.toUpperCase()}`,
  ...(["base64", "base64url"] as const).map((encoding) =>
    `sha256:${Buffer.from(DIGEST, "hex").toString(encoding)}`
  ),
];

/** The same with something else at a path; `undefined` takes it away. */
function changed(path: string, to: unknown): string {
  const whole = structuredClone(EVERYTHING) as Json;
  const keys = path.split("/").slice(1);
  const last = keys.pop() ?? "";
  const parent = keys.reduce((object, key) => object[key] as Json, whole);
  if (to === undefined) delete parent[last];
  else parent[last] = to;
  return JSON.stringify(whole);
}

/** What the program thinks of a text, whatever is in the files that it names. */
function checked(text: string) {
  return read(text, { environment: "unknown" });
}

describe("the JSON Schema of the configuration", () => {
  it("is what docs/config.schema.json has", () => {
    // If not: mcp-front schema > docs/config.schema.json
    assert.deepEqual(JSON.parse(fileOf("docs/config.schema.json")), schema);
  });

  it("is one of draft 2020-12", () => {
    assert.equal(
      schema.$schema,
      "https://json-schema.org/draft/2020-12/schema",
    );
    assert.equal(ajv.validateSchema(schema), true);
  });

  const examples = [
    ["everything at once", JSON.stringify(EVERYTHING)],
    ...["$env:VARIABLE", "$env:VARIABLE|", "$file:a path|\n"].map((one) => [
      `${JSON.stringify(one)} in place of all strings`,
      JSON.stringify(referring(EVERYTHING, one)),
    ]),
    ...HASHES.map((hash) => [hash, changed(HASHED, hash)]),
    ...["2999-12-31", "2999-12-31t12:00:00z"].map((end) => [
      `the end ${end}`,
      changed(EXPIRES, end),
    ]),
    ["config.dev.jsonc", fileOf("config.dev.jsonc")],
    ["its comments", uncommented(fileOf("config.dev.jsonc"))],
    ["the file to begin with", fileOf("lib/cli/init/starter.jsonc")],
    ["the development set-up", DEVELOPMENT_EXAMPLE],
    ...PARTIAL_EXAMPLES
      .map((part, index) => [`part ${index + 1}`, completed(part)]),
    ["the end of tokens", changed("/proxy/auth/tokens", {})],
    ["static tokens alone", changed("/proxy/auth", BEARER)],
    ...["README.md", "docs/configuration.md", "docs/oauth.md", "docs/scopes.md"]
      .flatMap((page) => jsoncOf(page).map((text) => [page, text])),
    [
      "the rules of a token",
      completed(`{ "tokens": { "x": ${jsonOf("docs/configuration.md")} } }`),
    ],
    [
      "the forms of a token",
      completed(`{ "tokens": ${jsonOf("docs/tokens.md")} }`),
    ],
  ] as [string, string][];
  for (const [what, text] of examples) {
    it(`takes ${what}`, () => {
      assert.deepEqual(objections(text), []);
    });
  }

  it("takes everything at once as the program does", () => {
    const { problems } = checked(JSON.stringify(EVERYTHING));
    const errors = problems.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors, []);
  });

  const wrong: [string, unknown, string?][] = [
    ["/prox", {}, " additionalProperties"],
    ["/proxy", undefined, " required"],
    ["/version", "2.0", "/version enum"],
    ["/mcpServers", {}, "/mcpServers minProperties"],
    ["/proxy/addr", "8080"],
    ["/proxy/baseUrl", "gw.example"],
    ["/proxy/tls/key", undefined, "/proxy/tls required"],
    ["/proxy/auth", undefined, "/proxy required"],
    ["/proxy/auth/kind", "basic"],
    ["/proxy/auth/kind", "bearer_token"],
    ["/proxy/auth", { ...BEARER, tokens: undefined }, "/proxy/auth required"],
    ["/proxy/auth", { ...BEARER, tokens: {} }],
    ["/proxy/auth", { ...BEARER, issuer: "https://login.example" }],
    ["/proxy/auth/issuer", undefined, "/proxy/auth required"],
    ["/proxy/auth/issuer", "login.example"],
    ["/proxy/auth/staticPath", "static"],
    ["/proxy/auth/staticPath", "/static/tokens"],
    ["/proxy/auth/audiences", []],
    ["/proxy/auth/introspection/clientSecret", undefined],
    ["/proxy/auth/introspection/secret", "x"],
    ["/proxy/auth/allowedDomains", []],
    ["/proxy/auth/scopes", {}],
    ["/proxy/auth/scopes/mcp read", {}],
    ["/proxy/auth/scopes/mcp:read/tools", ["x"]],
    ["/proxy/auth/scopes/mcp:read/expires", "2999-01-01"],
    ["/mcpServers/reached/authScopes", []],
    ["/mcpServers/reached/authScopes", ["db:use db:read"]],
    ["/mcpServers/reached/authGroups", "dba"],
    ["/proxy/auth/tokens/plain", "a token"],
    ["/proxy/auth/tokens/plain", 7],
    [HASHED, "sha256:"],
    [HASHED, `sha256:${DIGEST.slice(1)}`],
    [HASHED, `sha256: ${DIGEST}`],
    [HASHED, `Sha256:${DIGEST}=`],
    ["/proxy/auth/tokens/scoped/value", `sha256:${DIGEST}0`],
    [EXPIRES, "31.1.2027"],
    [EXPIRES, "2027-01-31T12:00:00"],
    [EXPIRES, "2027-01-31 12:00:00Z"],
    [EXPIRES, 1801353600],
    ["/proxy/auth/tokens/scoped/expire", "2027-01-31"],
    ["/proxy/auth/tokens/scoped/value", undefined],
    ["/proxy/auth/tokens/scoped/tools", ["read_*"]],
    ["/proxy/limits/sessions", 0],
    ["/proxy/limits/sessions", 1.5],
    ["/proxy/limits/sessions", "$env:SESSIONS"],
    ["/proxy/limits/idle", "30 min"],
    ["/proxy/limits/idle", "$file:"],
    ["/proxy/limits/headers", "64KB"],
    ["/proxy/root/prefix", "sometimes"],
    ["/proxy/root/separator", "::"],
    ["/proxy/root/nameLength", 8],
    ["/mcpServers/health", { command: "x" }],
    ["/mcpServers/a b", { command: "x" }],
    ["/mcpServers/started/command", undefined],
    ["/mcpServers/started/url", "http://x/"],
    ["/mcpServers/started/comand", "x"],
    ["/mcpServers/started/env/A", 1],
    ["/mcpServers/started/disabled", "no"],
    ["/mcpServers/started/toolFilter/mode", undefined],
    ["/mcpServers/started/timeouts/open", "soon"],
    ["/mcpServers/reached/args", ["x"]],
    ["/mcpServers/reached/transport", "http"],
    ["/mcpServers/reached/timeout", 0],
  ];
  for (const [path, to, objection] of wrong) {
    const what = to === undefined ? "nothing" : JSON.stringify(to);
    it(`refuses ${what} at ${path}, as the program does`, () => {
      const text = changed(path, to);
      const found = objections(text);
      assert.notDeepEqual(found, []);
      if (objection !== undefined) {
        assert.ok(found.includes(objection), `${found}`);
      }
      const { problems } = checked(text);
      assert.ok(problems.some(({ severity }) => severity === "error"));
    });
  }

  it("explains every key", () => {
    const silent = propertiesIn(schema)
      .filter(([, { description }]) => typeof description !== "string");
    assert.deepEqual(silent.map(([name]) => name), []);
    assert.ok(propertiesIn(schema).length > 80);
  });

  it("has no key of auth or of a server that docs/configuration.md has not", () => {
    const rows = fileOf("docs/configuration.md").match(/^\| .*\|$/gm) ?? [];
    const named = new Set(rows.flatMap((row) => row.match(/`\w+`/g) ?? []));
    const keys = [authSchema, serverSchema].flatMap(({ shape }) =>
      Object.keys(shape)
    );
    assert.deepEqual(keys.filter((key) => !named.has(`\`${key}\``)), []);
  });

  it("gives only defaults and examples that it would take", () => {
    let count = 0;
    for (const [name, property] of propertiesIn(schema)) {
      const { examples = [], default: usual } = property;
      const values = [...examples as unknown[], usual];
      for (const value of values.filter((one) => one !== undefined)) {
        const fits = ajv.validate(property, value);
        assert.ok(fits, `${name}: ${JSON.stringify(value)}`);
        count += 1;
      }
    }
    assert.ok(count > 50);
  });
});

/** Every property of every object in a schema, with its name. */
function propertiesIn(node: unknown): [string, Json][] {
  if (typeof node !== "object" || node === null) return [];
  const { properties = {} } = node as { properties?: Record<string, Json> };
  const isSchema = "type" in node && !Array.isArray(properties);
  const own = isSchema ? Object.entries(properties) : [];
  return [...own, ...Object.values(node).flatMap(propertiesIn)];
}
