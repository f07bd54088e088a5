// The modern server of the tests, written with the official SDK: it runs in the test's process, over HTTP or behind a child.

import { createMcpHandler } from "@modelcontextprotocol/server";
import {
  serveStdio,
  StdioServerTransport,
} from "@modelcontextprotocol/server/stdio";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { serve } from "../../lib/runtime/serve.ts";
import { modernServer } from "./modern_features.ts";
import { Seen } from "./seen.ts";
import { pathOf } from "./shared_gateway.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const IDLE_SECONDS = 120;
const COMMENT = new TextEncoder().encode(":\n\n");

/** What of it has changed. */
export type Change = "tools" | "prompts" | "resources" | {
  readonly uri: string;
};

/** A running server. */
export interface ModernServer extends AsyncDisposable {
  /** Its entry in `mcpServers`. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** See `Features`. */
  readonly noted: Seen<string>;
  /** Tells whoever listens. */
  announce(change: Change): void;
  /** How many children, or requests over HTTP, there were. */
  readonly count: number;
}

/** What it does with clients of the initialize era. */
export type Legacy = "reject" | "serve";

/** Over Streamable HTTP. */
export async function modernOverHttp(
  legacy: Legacy = "reject",
): Promise<ModernServer> {
  const noted = new Seen<string>((note) => note);
  const features = { noted, die: () => {} };
  const { fetch, notify } = createMcpHandler(() => modernServer(features), {
    legacy: legacy === "serve" ? "stateless" : "reject",
  });
  let count = 0;
  const listener = await serve({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    idleSeconds: IDLE_SECONDS,
    respond: async (request, peer) => {
      count++;
      peer.hold();
      return begun(await fetch(request));
    },
    onFailure: (error) => console.error("The server failed", error),
  });
  return {
    entry: { url: `http://127.0.0.1:${listener.port}/mcp` },
    noted,
    get count() {
      return count;
    },
    announce(change) {
      if (change === "tools") notify.toolsChanged();
      else if (change === "prompts") notify.promptsChanged();
      else if (change === "resources") notify.resourcesChanged();
      else notify.resourceUpdated(change.uri);
    },
    [Symbol.asyncDispose]: async () => await listener.kill(),
  };
}

/** Over stdio: each child hands its pipes to the test's process. */
export async function modernOverStdio(
  legacy: Legacy = "reject",
): Promise<ModernServer> {
  const noted = new Seen<string>((note) => note);
  const sockets: Socket[] = [];
  const servers: ReturnType<typeof modernServer>[] = [];
  const listener = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {
      // The child was ended: `close` follows.
    });
    const features = { noted, die: () => socket.destroy() };
    serveStdio(() => {
      const server = modernServer(features);
      servers.push(server);
      return server;
    }, { transport: new StdioServerTransport(socket, socket), legacy });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  return {
    entry: { command: "node", args: [pathOf("puppet.mjs"), String(port)] },
    noted,
    get count() {
      return sockets.length;
    },
    announce(change) {
      const server = servers.at(-1);
      if (change === "tools") server?.sendToolListChanged();
      else if (change === "prompts") server?.sendPromptListChanged();
      else if (change === "resources") server?.sendResourceListChanged();
      else void server?.server.sendResourceUpdated(change);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** An event stream with a comment at its beginning: Bun sends the head of an answer with its first byte. */
function begun(response: Response): Response {
  const type = response.headers.get("content-type");
  if (!response.body || type !== "text/event-stream") return response;
  const start = (controller: TransformStreamDefaultController<Uint8Array>) =>
    controller.enqueue(COMMENT);
  const stream = new TransformStream<Uint8Array, Uint8Array>({ start });
  return new Response(response.body.pipeThrough(stream), response);
}
