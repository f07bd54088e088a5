// The forwarder against a server that says what reached it.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { bodyOf, serveHttp } from "../support/http_server.ts";
import { forward } from "./forwarder.ts";

const ASKING = { method: "initialize", protocolVersion: "2025-11-25" };
const LATER = { method: "tools/list", protocolVersion: "2025-11-25" };

function post(message: unknown): string {
  const body = JSON.stringify(message);
  const length = Buffer.byteLength(body);
  return `POST /x HTTP/1.1\r\nhost: evil.example\r\nmcp-name:  ä \r\n` +
    `content-length: ${length}\r\n\r\n${body}`;
}

describe("the forwarder", () => {
  it("adds the token to each request of a connection, and the revision to each handshake", async () => {
    const seen: unknown[] = [];
    const both = Promise.withResolvers<void>();
    await using server = await serveHttp(async (request, response) => {
      const { host, authorization } = request.headers;
      const { protocolVersion } = JSON.parse(await bodyOf(request));
      seen.push({ host, authorization, protocolVersion });
      response.end();
      if (seen.length === 2) both.resolve();
    });
    await using forwarder = await forward({
      to: server.origin,
      authorization: "Bearer $& x",
      revision: "2025-06-18",
    });
    const socket = connect(Number(new URL(forwarder.origin).port), "127.0.0.1");
    const bytes = Buffer.from(post(ASKING) + post(LATER), "utf8");
    // In the middle of a head, in the middle of a body, and two at once.
    for (const piece of [[0, 30], [30, 120], [120]]) {
      socket.write(bytes.subarray(...piece as [number]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await both.promise;
    socket.destroy();
    const same = { host: "evil.example", authorization: "Bearer $& x" };
    assert.deepEqual(seen, [
      { ...same, protocolVersion: "2025-06-18" },
      { ...same, protocolVersion: "2025-11-25" },
    ]);
  });

  it("leaves the server when its client leaves, and the client when the server does", async () => {
    const left = Promise.withResolvers<void>();
    await using server = await serveHttp(async (request, response) => {
      await bodyOf(request);
      if (request.url === "/end") return void response.socket?.destroy();
      response.once("close", () => left.resolve());
      response.writeHead(200).write("begun");
    });
    await using forwarder = await forward({ to: server.origin });
    const leaving = new AbortController();
    const { signal } = leaving;
    const response = await fetch(`${forwarder.origin}/stay`, { signal });
    const reading = assert.rejects(response.text());
    leaving.abort();
    await Promise.all([reading, left.promise]);
    const port = Number(new URL(forwarder.origin).port);
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /end HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(socket.resume(), "close");
  });
});
