// A configuration in which every value that can be a secret is one.

import type { SecretWords } from "./secret_words.ts";
import { pathOf, SCRIPTED } from "./shared_gateway.ts";

/** The variable that holds a token. */
export const TOKEN_VARIABLE = "TOKEN_OF_ALICE";

/** Servers of every kind, most of which fail; `origin` is that of a leaky backend. */
export function secretiveConfig(origin: string, words: SecretWords) {
  const headers = {
    authorization: `Bearer ${words.of("configured authorization")}`,
    "x-api-key": words.of("configured header"),
  };
  const query = `?key=${words.of("query of a url")}`;
  const far = (base: string, more = {}) => ({
    url: `${base}${query}`,
    headers,
    ...more,
  });
  const child = (habit: string, more = {}) => ({
    command: "node",
    args: [
      pathOf("ill_mannered_server.mjs"),
      habit,
      words.of("argument of a child"),
    ],
    env: {
      API_KEY: words.of("variable of a child"),
      SAID: words.of("broken message of a child"),
    },
    ...more,
  });
  const mcpServers = {
    far: far(`${origin}/mcp`, { transport: "streamable-http" }),
    auto: far(`${origin}/mcp`),
    events: far(`${origin}/sse`),
    elsewhere: far(`${origin}/elsewhere`, { transport: "sse" }),
    html: far(`${origin}/html`),
    refusing: far(`${origin}/401`),
    down: far("http://127.0.0.1:1/mcp"),
    nowhere: far("http://no-such-host.invalid/sse"),
    tls: far(`${origin.replace("http:", "https:")}/mcp`),
    child: child("none"),
    scripted: { ...SCRIPTED, env: { KEY: words.of("variable of a child") } },
    starter: child("dies at start"),
    dier: child("dies in mid-call"),
    silent: child("never answers initialize", { timeouts: { open: "300ms" } }),
    deaf: child("stops reading", { timeouts: { request: "300ms" } }),
    broken: child("breaks its messages"),
    missing: child("none", { command: "/no/such/program" }),
    folder: child("none", { cwd: "/no/such/folder" }),
    only: { ...child("none"), authTokens: ["bob"] },
  };
  const tokens = {
    alice: `$env:${TOKEN_VARIABLE}`,
    bob: words.of("token of bob"),
  };
  const auth = { kind: "bearer_token", tokens };
  return {
    version: "1.0",
    proxy: { addr: "127.0.0.1:0", auth },
    mcpServers,
  };
}
