// A real HTTP server of a test, on a free port.

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request; a rejection ends it with 500. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** A running server. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string;
  url(path: string): URL;
}

/** Starts a server. */
export async function serveHttp(handler: Handler): Promise<TestServer> {
  const server = createServer(async (request, response) => {
    try {
      await handler(request, response);
    } catch {
      response.statusCode = 500;
      response.end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    url: (path) => new URL(path, origin),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** The whole body as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Begins an event stream. */
export function beginEvents(
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.setMaxListeners(0);
  response.writeHead(200, { "content-type": "text/event-stream", ...headers });
  response.flushHeaders();
}

/** Writes one event; the fields come in the order of `fields`. */
export function writeEvent(
  response: ServerResponse,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = Object.entries(fields).map(([name, value]) =>
    `${name}: ${value}\n`
  );
  return new Promise((resolve, reject) => {
    if (response.destroyed) return reject(new Error("The client has left"));
    const left = () => reject(new Error("The client has left"));
    response.once("close", left);
    response.write(`${lines.join("")}\n`, (error) => {
      response.off("close", left);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Answers with one JSON text. */
export function answerJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...headers,
  });
  response.end(JSON.stringify(json));
}
