// The modern server of the tests, written with the official SDK: it runs in the test's process, over HTTP or behind a child.

import {
  createMcpHandler,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import {
  serveStdio,
  StdioServerTransport,
} from "@modelcontextprotocol/server/stdio";
import { randomUUID } from "node:crypto";
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

/** The eras that a server speaks. */
export type SpokenEra = "modern" | "both" | "legacy";

/** A running server. */
export interface ModernServer extends AsyncDisposable {
  /** What it speaks to whoever comes from now on. */
  era: SpokenEra;
  /** Its entry in `mcpServers`. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** See `Features`. */
  readonly noted: Seen<string>;
  /** Tells whoever listens. */
  announce(change: Change): void;
  /** How many children, or requests over HTTP, there were. */
  readonly count: number;
}

/** Over Streamable HTTP. */
export async function modernOverHttp(
  era: SpokenEra = "modern",
): Promise<ModernServer> {
  const noted = new Seen<string>((note) => note);
  const make = () => modernServer({ noted, die: () => {} });
  const modern = createMcpHandler(make, { legacy: "reject" });
  const both = createMcpHandler(make, { legacy: "stateless" });
  let legacy = sessionsOf(make);
  const answers = {
    modern: (request: Request) => modern.fetch(request),
    both: (request: Request) => both.fetch(request),
    legacy: (request: Request) => legacy(request),
  };
  const own = { count: 0, era };
  const listener = await serve({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    idleSeconds: IDLE_SECONDS,
    respond: async (request, peer) => {
      own.count++;
      peer.hold();
      return begun(await answers[own.era](request));
    },
    onFailure: (error) => console.error("The server failed", error),
  });
  return {
    entry: { url: `http://127.0.0.1:${listener.port}/mcp` },
    noted,
    get count() {
      return own.count;
    },
    get era() {
      return own.era;
    },
    set era(era: SpokenEra) {
      own.era = era;
      // One that was replaced knows no session of the one before.
      legacy = sessionsOf(make);
    },
    announce(change) {
      const { notify } = modern;
      if (change === "tools") notify.toolsChanged();
      else if (change === "prompts") notify.promptsChanged();
      else if (change === "resources") notify.resourcesChanged();
      else notify.resourceUpdated(change.uri);
    },
    [Symbol.asyncDispose]: async () => await listener.kill(),
  };
}

/** Sessions of the initialize era, and nothing else. */
function sessionsOf(
  make: () => ReturnType<typeof modernServer>,
): (request: Request) => Promise<Response> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return async (request) => {
    const id = request.headers.get("mcp-session-id");
    const known = sessions.get(id ?? "");
    if (known) return await known.handleRequest(request);
    if (id !== null) return new Response(null, { status: 404 });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    await make().connect(transport);
    return await transport.handleRequest(request);
  };
}

/** Over stdio: each child hands its pipes to the test's process. */
export async function modernOverStdio(
  era: SpokenEra = "modern",
): Promise<ModernServer> {
  const noted = new Seen<string>((note) => note);
  const sockets: Socket[] = [];
  const servers: ReturnType<typeof modernServer>[] = [];
  const own = { era };
  const listener = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {
      // The child was ended: `close` follows.
    });
    const make = () => {
      const server = modernServer({ noted, die: () => socket.destroy() });
      servers.push(server);
      return server;
    };
    const transport = new StdioServerTransport(socket, socket);
    if (own.era === "legacy") return void make().connect(transport);
    const legacy = own.era === "both" ? "serve" : "reject";
    serveStdio(make, { transport, legacy });
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
    get era() {
      return own.era;
    },
    set era(era: SpokenEra) {
      own.era = era;
      for (const socket of sockets) socket.destroy();
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
