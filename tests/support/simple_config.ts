// A small configuration for tests that run mcp-front as a process.

/** The value of the token "dev" in it. */
export const DEV_TOKEN = "dev-token-that-is-long-enough";

/** `mcpServers` for tests that use none of them. */
export const SOME = { some: { command: "true" } } as const;

/** A config that listens on a free port of this machine only. */
export function configWith(
  mcpServers: Readonly<Record<string, unknown>>,
  proxy: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const auth = { kind: "bearer_token", tokens: { dev: DEV_TOKEN } };
  return { proxy: { addr: "127.0.0.1:0", auth, ...proxy }, mcpServers };
}
