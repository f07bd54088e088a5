// The soak's server over HTTP: Streamable HTTP at /mcp, in the modern era at /modern, HTTP+SSE at /sse.

import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import process from "node:process";
import { ModernPosts } from "./modern_posts.mjs";
import { SseSessions } from "./sse_sessions.mjs";
import { StreamableSessions } from "./streamable_sessions.mjs";

/** Another socket may hold the port for a moment. */
const LISTEN_AGAIN_MS = 100;

/** Serves on a port of this machine, and says so on stdout once it does. */
export function serveHttp(name, port) {
  const sse = new SseSessions(name);
  const streamable = new StreamableSessions(name);
  const modern = new ModernPosts(name);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://server");
    request.on("error", () => {});
    response.on("error", () => {});
    try {
      const body = await read(request);
      if (url.pathname === "/mcp") streamable.take(request, response, body);
      else if (url.pathname === "/modern") modern.take(request, response, body);
      else sse.take(request, response, body, url);
    } catch {
      // The gateway left in the middle, or what it said was no message.
      response.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  server.on("error", () => {
    setTimeout(() => server.listen(port, "127.0.0.1"), LISTEN_AGAIN_MS);
  });
  server.on("listening", () => process.stdout.write("listening\n"));
  server.listen(port, "127.0.0.1");
  // Its owner holds the other end: it does not outlive it.
  process.stdin.on("end", () => process.exit(0)).resume();
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}
