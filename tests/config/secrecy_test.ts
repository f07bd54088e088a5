// Whatever is wrong with a file, nothing that is said about it holds a token or what a variable holds.

import assert from "node:assert/strict";
import { it } from "node:test";
import type { FileReading } from "../../lib/config/file_reading.ts";
import { ConfigError } from "../../lib/config/problems.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { read } from "./marked.ts";

const TOKEN = "tokenVALUE0123456789";
const TOKEN_FROM_VARIABLE = "variableTOKEN0123456789";
const OTHER = "otherSECRET0123456789";

/** By which the gateway is known to the issuer. */
const CLIENT_SECRET = "clientSECRET0123456789";

/** Of which the file has only the hash. */
const HASHED = "hashedTOKEN0123456789";

const ENVIRONMENT = {
  TOKEN_VARIABLE: TOKEN_FROM_VARIABLE,
  COPY: TOKEN,
  OTHER,
  SPACED: `${TOKEN} ${OTHER}`,
};

const FILE = {
  version: "1.0",
  proxy: {
    name: "n",
    baseUrl: "http://h",
    addr: ":80",
    allowedOrigins: ["http://o"],
    allowedHosts: ["h"],
    trustedProxies: ["10.0.0.0/8"],
    tls: { cert: "other", key: "key.pem", clientCa: "ca.pem" },
    auth: {
      kind: "oauth",
      issuer: "https://i",
      staticPath: "/static",
      audiences: ["a"],
      jwksUri: "https://i/keys",
      introspection: {
        clientId: "c",
        clientSecret: CLIENT_SECRET,
        endpoint: "https://i/ask",
      },
      groupsClaim: "groups",
      allowedDomains: ["h"],
      scopes: { s: { tools: { deny: ["a"] }, servers: { child: {} } } },
      tokens: {
        dev: TOKEN,
        ops: "$env:TOKEN_VARIABLE",
        last: "last-of-them-all",
        hashed: hashText(HASHED),
        scoped: {
          value: "scoped-0123456789",
          expires: "2999-01-01",
          tools: { allow: ["a*"], deny: ["b"] },
          readOnly: true,
          servers: { child: { prompts: { deny: ["c"] } } },
        },
      },
    },
  },
  mcpServers: {
    child: {
      type: "stdio",
      command: "c",
      args: ["a"],
      cwd: "d",
      env: { A: "b" },
      inheritEnv: ["HTTPS_PROXY"],
      authTokens: ["dev"],
      authScopes: ["s"],
      authGroups: ["g"],
      toolFilter: { mode: "deny", tools: ["d"] },
      timeouts: { open: "1s", request: "2s" },
    },
    remote: {
      url: "http://h",
      transport: "sse",
      headers: { "X-A": "b" },
      ca: "ca.pem",
      env: { A: "b" },
    },
    pasted: { httpUrl: "http://h", type: "http", timeout: 5_000 },
  },
};

const REPLACEMENTS: readonly unknown[] = [
  TOKEN,
  HASHED,
  CLIENT_SECRET,
  TOKEN_FROM_VARIABLE,
  `Bearer ${TOKEN}`,
  `http://user:${TOKEN}@h/`,
  `http://${TOKEN}/x`,
  `${TOKEN}:80x`,
  `${TOKEN}\n`,
  `$env:X|${TOKEN}`,
  `$env:1${TOKEN}`,
  `\${A:-${TOKEN}}`,
  "$env:TOKEN_VARIABLE",
  "$env:COPY",
  "$env:OTHER",
  "$env:SPACED",
  "$file:other",
  `$file:${TOKEN}`,
  `x $file:${TOKEN}`,
  [TOKEN],
  { [TOKEN]: TOKEN },
];

it("no problem holds a secret, wherever one stands by mistake", () => {
  let told = 0;
  for (const variant of [...valueVariants(FILE), ...keyVariants(FILE)]) {
    const text = JSON.stringify(variant, undefined, 1);
    for (const environment of [ENVIRONMENT, "unknown"] as const) {
      const { problems } = read(text, { environment, readFile });
      const said = JSON.stringify(problems) + new ConfigError(problems).message;
      for (const secret of secretsOf(variant, environment)) {
        assert.ok(!said.includes(secret), `${said}\n${text}`);
      }
      told += problems.length;
    }
  }
  assert.ok(told > 1_000);
});

/** One file holds a secret, no other exists. */
function readFile(path: string): FileReading {
  return path.endsWith("/other")
    ? { text: `${OTHER} ${OTHER}\n`, mode: 0o644 }
    : { problem: "there is no such file" };
}

/** What is a token in this file, and what only a variable holds. */
function secretsOf(
  variant: unknown,
  environment: Record<string, string> | "unknown",
): string[] {
  const { proxy } = variant as { proxy?: typeof FILE.proxy };
  const entries: unknown[] = Object.values(proxy?.auth?.tokens ?? {});
  const tokens = entries.map((entry) => {
    const token = (entry as { value?: unknown } | null)?.value ?? entry;
    return token === "$env:TOKEN_VARIABLE" && environment !== "unknown"
      ? TOKEN_FROM_VARIABLE
      : token;
  });
  const hashed = tokens.includes(hashText(HASHED)) ? [HASHED] : [];
  const { introspection } = proxy?.auth ?? {};
  const secrets = [...tokens, introspection?.clientSecret];
  return [TOKEN, TOKEN_FROM_VARIABLE, CLIENT_SECRET]
    .filter((secret) => secrets.includes(secret))
    .concat(OTHER, hashed);
}

/** The file with each of its values replaced by each replacement. */
function* valueVariants(value: unknown): Generator<unknown> {
  yield* REPLACEMENTS;
  if (Array.isArray(value)) {
    for (const item of value) {
      for (const variant of valueVariants(item)) yield [variant];
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      for (const variant of valueVariants(member)) {
        yield { ...value, [key]: variant };
      }
    }
  }
}

/** The file with each of its keys replaced by a token, or with one more key that is. */
function* keyVariants(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return;
  }
  yield { ...value, [TOKEN]: TOKEN };
  for (const [key, member] of Object.entries(value)) {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    yield { ...rest, [TOKEN_FROM_VARIABLE]: member };
    for (const variant of keyVariants(member)) {
      yield { ...value, [key]: variant };
    }
  }
}
