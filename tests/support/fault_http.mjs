// The HTTP transports of the fault server, and all that can go wrong with an HTTP answer.

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer } from "node:http";
import { beginEvents } from "./fault_events.mjs";
import { FaultSse } from "./fault_http_sse.mjs";
import { FaultModern } from "./fault_http_modern.mjs";
import { FaultStreamable } from "./fault_http_streamable.mjs";
import { dieIfOrdered } from "./fault_orders.mjs";

/** Starts the server on `port`, or any free one for 0; resolves with its origin and what ends it. `/sse`, `/mcp` and `/modern` lead to the transports, `/open` tells how many answers are unfinished. */
export async function serveFaults(orders, port) {
  const elsewhere = await listening((request, response) => {
    orders.note(`elsewhere ${request.method}`);
    response.writeHead(500).end();
  });
  const deeds = deedsFor(elsewhere.origin);
  const transports = [
    new FaultSse(orders, deeds),
    new FaultStreamable(orders, deeds),
    new FaultModern(orders, deeds),
  ];
  const open = new Set();
  const server = await listening(async (request, response) => {
    if (request.url === "/open") return response.end(`${open.size}`);
    open.add(response);
    response.on("close", () => open.delete(response));
    const opens = transports.some((one) => one.isOpening(request));
    const order = opens && orders.take("connecting");
    if (order) {
      dieIfOrdered(order);
      return deeds[order.do](response, order);
    }
    const body = await bodyOf(request);
    if (body === undefined) return;
    for (const one of transports) one.take(request, body, response);
  }, port);
  const close = () => {
    elsewhere.close();
    server.close();
  };
  return { origin: server.origin, close };
}

/** What can be done wrong with an answer of which nothing was sent yet. */
function deedsFor(elsewhere) {
  return {
    status: (response, { status }) => response.writeHead(status).end(),
    html(response) {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<h1>Welcome</h1>");
    },
    redirect(response) {
      response.writeHead(307, { location: `${elsewhere}/mcp` }).end();
    },
    cut(response) {
      const headers = { "content-type": "application/json" };
      response.writeHead(200, { ...headers, "content-length": 1_000 });
      response.write('{"jsonrpc":"2.0",', () => response.destroy());
    },
    // Bun answers by itself where only the response is destroyed.
    drop: (response) => response.socket.destroy(),
    silence: () => {},
    elsewhere(response) {
      beginEvents(response);
      response.write(`event: endpoint\ndata: ${elsewhere}/messages\n\n`);
    },
  };
}

async function listening(handler, port = 0) {
  const server = createServer(handler);
  server.keepAliveTimeout = 0; // As in patient_http.mjs.
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin, close };
}

async function bodyOf(request) {
  const parts = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    return undefined; // The client left in the middle of it.
  }
  return Buffer.concat(parts).toString();
}
