// The floor: the least a program between client and backend can do on this runtime. It checks nothing, knows
// nothing of MCP but where one message ends, and lets every answer be the answer to the oldest request.
// `floor.ts stdio COMMAND ARGS…` or `floor.ts http ORIGIN`; it says its own origin on stdout.

import process from "node:process";
import { bun } from "./bun.ts";

const [kind, first = "", ...args] = process.argv.slice(2);
const EVENTS = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Say = (message: string) => void;
interface Session {
  send: Say;
  end(): void;
  waiting: ((message: string) => void)[];
}
const sessions = new Map<string, Session>();
let count = 0;

/** A child whose lines are messages. */
function startChild(hear: Say): Pick<Session, "send" | "end"> {
  const child = bun.spawn([first, ...args], { stdin: "pipe", stdout: "pipe" });
  (async () => {
    let rest = "";
    for await (const bytes of child.stdout) {
      const lines = (rest + decoder.decode(bytes)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
    }
  })();
  const send = (message: string) => {
    child.stdin.write(`${message}\n`);
    child.stdin.flush();
  };
  return { send, end: () => child.stdin.end() };
}

/** The backend's HTTP+SSE. */
async function openSse(hear: Say): Promise<Pick<Session, "send" | "end">> {
  const leaving = new AbortController();
  const { signal } = leaving;
  const stream = await fetch(`${first}/sse`, { signal });
  const endpoint = Promise.withResolvers<string>();
  (async () => {
    let rest = "";
    for await (const bytes of stream.body ?? []) {
      const events = (rest + decoder.decode(bytes)).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        const data = event.slice(event.indexOf("data: ") + 6);
        if (event.startsWith("event: endpoint")) endpoint.resolve(data);
        else hear(data);
      }
    }
  })().catch(() => {});
  const url = first + await endpoint.promise;
  const send = async (body: string) => {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: JSON_TYPE,
    });
    await answer.bytes();
  };
  return { send, end: () => leaving.abort() };
}

/** The backend's Streamable HTTP. */
function openStreamable(hear: Say): Pick<Session, "send" | "end"> {
  let session: Record<string, string> = {};
  const send = async (body: string) => {
    const headers = { ...JSON_TYPE, ...session };
    const answer = await fetch(`${first}/mcp`, {
      method: "POST",
      body,
      headers,
    });
    const id = answer.headers.get("mcp-session-id");
    if (id) session = { "mcp-session-id": id };
    const text = await answer.text();
    if (text) hear(text);
  };
  return { send, end() {} };
}

async function open(hear: Say): Promise<Pick<Session, "send" | "end">> {
  if (kind === "stdio") return startChild(hear);
  return kind === "sse" ? await openSse(hear) : openStreamable(hear);
}

/** A client of HTTP+SSE. */
function listen(): Response {
  const id = `floor-${++count}`;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const say = (data: string) =>
        controller.enqueue(encoder.encode(`event: message\ndata: ${data}\n\n`));
      sessions.set(id, { ...await open(say), waiting: [] });
      controller.enqueue(
        encoder.encode(`event: endpoint\ndata: /messages?session=${id}\n\n`),
      );
    },
    cancel: () => sessions.get(id)?.end(),
  });
  return new Response(body, { headers: EVENTS });
}

/** A POST of a client of Streamable HTTP. */
async function post(request: Request): Promise<Response> {
  const body = await request.text();
  const known = request.headers.get("mcp-session-id");
  const id = known ?? `floor-${++count}`;
  if (!known) {
    const waiting: Session["waiting"] = [];
    const hear = (message: string) => {
      if (!message.startsWith('{"jsonrpc":"2.0","method"')) {
        waiting.shift()?.(message);
      }
    };
    sessions.set(id, { ...await open(hear), waiting });
  }
  const session = sessions.get(id);
  if (!session) return new Response(null, { status: 404 });
  if (body.startsWith('{"jsonrpc":"2.0","method"')) {
    session.send(body);
    return new Response(null, { status: 202 });
  }
  return await new Promise((resolve) => {
    const headers = { ...JSON_TYPE, "mcp-session-id": id };
    session.waiting.push((text) => resolve(new Response(text, { headers })));
    session.send(body);
  });
}

/** HTTP to HTTP of the same transport: bytes are piped. */
async function pipe(request: Request, path: string): Promise<Response> {
  const { method, headers, body, signal } = request;
  return await fetch(first + path, { method, headers, body, signal });
}

const server = bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request: Request) {
    const { pathname, search } = new URL(request.url);
    if (kind === "http") return await pipe(request, pathname + search);
    if (pathname === "/sse") return listen();
    if (pathname === "/mcp") {
      if (request.method !== "DELETE") return await post(request);
      const id = request.headers.get("mcp-session-id") ?? "";
      sessions.get(id)?.end();
      sessions.delete(id);
      return new Response(null, { status: 204 });
    }
    sessions.get(search.slice("?session=".length))?.send(await request.text());
    return new Response(null, { status: 202 });
  },
});
process.stdout.write(`listening http://127.0.0.1:${server.port}\n`);
