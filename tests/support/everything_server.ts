// The official test server, run as its users run it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { StdioOptions } from "../../lib/transports/backend/stdio_options.ts";

const SCRIPT = fileURLToPath(
  import.meta.resolve(
    "../../node_modules/@modelcontextprotocol/server-everything/dist/index.js",
  ),
);

/** How to start it over stdio. */
export function everythingOptions(): StdioOptions {
  const env = { PATH: process.env.PATH ?? "" };
  return { command: "node", args: [SCRIPT, "stdio"], env, cwd: process.cwd() };
}

/** Where it listens. */
export interface EverythingServer extends AsyncDisposable {
  readonly url: URL;
}

/** Starts it over HTTP. It takes no port 0, so a free port is looked for first. */
export async function serveEverything(
  mode: "sse" | "streamableHttp",
): Promise<EverythingServer> {
  const port = await freePort();
  const server = spawn("node", [SCRIPT, mode], {
    env: { PATH: process.env.PATH, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.endsWith(`port ${port}`)) break;
  }
  server.stderr.resume();
  const path = mode === "sse" ? "/sse" : "/mcp";
  return {
    url: new URL(`http://127.0.0.1:${port}${path}`),
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await once(server, "exit");
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
