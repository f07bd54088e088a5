// mcp-remote, by which clients that only start commands reach a url.

import type { Entry } from "./entry.ts";

/** What it sends in plain HTTP without being asked twice. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The command that a client starts for a url; for access tokens mcp-remote opens a browser itself. A header's value is in a variable of its own,
 * as Claude Desktop on Windows takes arguments with spaces apart; it has no references to others.
 */
export function mcpRemote(
  { url, credential }: Entry,
): Readonly<Record<string, unknown>> {
  const { protocol, hostname } = new URL(url);
  const isOpen = protocol === "http:" && !LOOPBACK.test(hostname);
  const header = credential === "token"
    ? ["--header", "Authorization:${AUTH_HEADER}"]
    : [];
  return {
    command: "npx",
    args: [
      "-y",
      "mcp-remote",
      url,
      ...header,
      ...isOpen ? ["--allow-http"] : [],
    ],
    ...(credential === "token" && { env: { AUTH_HEADER: "Bearer <token>" } }),
  };
}
