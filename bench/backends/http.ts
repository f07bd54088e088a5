// A tiny MCP server over HTTP: Streamable HTTP at /mcp, answering in JSON, at /mcp-events, in event
// streams, and at /mcp-quiet, without a GET stream;
// HTTP+SSE at /sse. It says its origin on stdout.

import process from "node:process";
import { bun } from "../bun.ts";
import { replies } from "./conversation.ts";

const JSON_TYPE = { "content-type": "application/json" };
const EVENTS = { "content-type": "text/event-stream" };
const encoder = new TextEncoder();

type Stream = ReadableStreamDefaultController<Uint8Array>;
const streams = new Map<string, Stream>();
let count = 0;

function event(data: string): Uint8Array {
  return encoder.encode(`event: message\ndata: ${data}\n\n`);
}

/** A stream that stays open. */
function openStream(first: string, begun?: (stream: Stream) => void) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(first));
      begun?.(controller);
    },
  });
  return new Response(body, { headers: EVENTS });
}

async function streamable(request: Request, form: "json" | "events") {
  if (request.method === "GET") return openStream(": \n\n");
  if (request.method === "DELETE") return new Response(null, { status: 204 });
  const said = [...replies(await request.text())];
  if (said.length === 0) return new Response(null, { status: 202 });
  const isNew = !request.headers.has("mcp-session-id");
  const session: Record<string, string> = isNew
    ? { "mcp-session-id": `bench-${++count}` }
    : {};
  if (form === "json" && said.length === 1) {
    return new Response(said[0], { headers: { ...JSON_TYPE, ...session } });
  }
  const events = said.map((one) => `event: message\ndata: ${one}\n\n`).join("");
  return new Response(events, { headers: { ...EVENTS, ...session } });
}

function openSse(): Response {
  const id = `bench-${++count}`;
  const endpoint = `event: endpoint\ndata: /messages?session=${id}\n\n`;
  return openStream(endpoint, (stream) => streams.set(id, stream));
}

async function posted(request: Request, url: URL): Promise<Response> {
  const stream = streams.get(url.searchParams.get("session") ?? "");
  if (!stream) return new Response("no session", { status: 404 });
  for (const one of replies(await request.text())) stream.enqueue(event(one));
  return new Response(null, { status: 202 });
}

const server = bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  fetch(request: Request): Response | Promise<Response> {
    const url = new URL(request.url);
    switch (url.pathname) {
      case "/mcp":
        return streamable(request, "json");
      case "/mcp-quiet":
        return request.method === "GET"
          ? new Response(null, { status: 405 })
          : streamable(request, "json");
      case "/mcp-events":
        return streamable(request, "events");
      case "/sse":
        return openSse();
      case "/messages":
        return posted(request, url);
      default:
        return new Response(null, { status: 404 });
    }
  },
});
process.stdout.write(`listening http://127.0.0.1:${server.port}\n`);
