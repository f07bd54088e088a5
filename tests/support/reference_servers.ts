// The reference servers of the MCP project, as they are installed.

import { fileURLToPath } from "node:url";
import { freePort } from "./free_port.ts";
import { ServerProcess } from "./server_process.ts";
import { Servers } from "./servers.ts";
import type { Listening } from "./servers.ts";

const PATIENT_HTTP = new URL("patient_http.mjs", import.meta.url).href;

/** The program of an installed reference server. */
export function installed(
  name: "everything" | "filesystem" | "memory",
): string {
  const path = `@modelcontextprotocol/server-${name}/dist/index.js`;
  const url = new URL(`../../node_modules/${path}`, import.meta.url);
  return fileURLToPath(url.href);
}

/** Starts `server-everything` over each transport. */
export function startEverything(bridge?: string): Promise<Servers> {
  return Servers.start({
    bridge,
    stdioArgs: [installed("everything"), "stdio"],
    listening: (transport) =>
      transport === "sse"
        ? listening("sse", "/sse")
        : listening("streamableHttp", "/mcp"),
  });
}

/** The server takes its port from `PORT` and cannot be asked for a free one. */
async function listening(mode: string, path: string): Promise<Listening> {
  const port = String(await freePort());
  const { server } = await ServerProcess.start({
    args: ["--import", PATIENT_HTTP, installed("everything"), mode],
    env: { PORT: port },
    ready: new RegExp(`on port ${port}$`),
  });
  return { server, url: `http://127.0.0.1:${port}${path}` };
}
