// The published PostgreSQL server for MCP, as it is installed: over stdio, and over SSE as people serve it.

import { fileURLToPath } from "node:url";
import { ServerProcess } from "./server_process.ts";
import type { Listening } from "./servers.ts";

const PATIENT_HTTP = new URL("patient_http.mjs", import.meta.url).href;
const TELL_PORT = new URL("tell_port.mjs", import.meta.url).href;
const BRIDGE = installed("mcp-proxy/dist/bin/mcp-proxy.mjs");

/** Of node, for the server over stdio; it takes its database from `DATABASE_URL`. */
export const POSTGRESQL_MCP_ARGS: readonly string[] = [
  installed("mcp-postgres-server/build/index.js"),
];

/** Starts the server behind a published bridge that speaks HTTP+SSE to the outside. */
export async function servePostgresqlMcp(
  databaseUrl: string,
): Promise<Listening> {
  const loaded = ["--import", PATIENT_HTTP, "--import", TELL_PORT];
  const listen = ["--server", "sse", "--host", "127.0.0.1", "--port", "0"];
  const behind = ["--", "node", ...POSTGRESQL_MCP_ARGS];
  const { server, ready: [, port] } = await ServerProcess.start({
    args: [...loaded, BRIDGE, ...listen, ...behind],
    env: { DATABASE_URL: databaseUrl },
    ready: /^listening on port (\d+)$/,
  });
  return { server, url: `http://127.0.0.1:${port}/sse` };
}

function installed(path: string): string {
  const url = new URL(`../../node_modules/${path}`, import.meta.url);
  return fileURLToPath(url.href);
}
