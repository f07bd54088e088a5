// mcp-remote, by which clients that only start commands reach a url.

/** What it sends in plain HTTP without being asked twice. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The command that a client starts for a url. The header's value is in a variable of its own,
 * as Claude Desktop on Windows takes arguments with spaces apart; it has no references to others.
 */
export function mcpRemote(url: string): Readonly<Record<string, unknown>> {
  const { protocol, hostname } = new URL(url);
  const isOpen = protocol === "http:" && !LOOPBACK.test(hostname);
  return {
    command: "npx",
    args: [
      "-y",
      "mcp-remote",
      url,
      "--header",
      "Authorization:${AUTH_HEADER}",
      ...(isOpen ? ["--allow-http"] : []),
    ],
    env: { AUTH_HEADER: "Bearer <token>" },
  };
}
