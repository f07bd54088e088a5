import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { streamableHttpBackend } from "../../../lib/transports/backend/streamable_http.ts";
import { BackendClient } from "../../support/backend_client.ts";
import { beginEvents, writeEvent } from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";
import {
  emptyResult,
  serveStreamable,
  SESSION_ID,
} from "../../support/streamable_server.ts";
import type { StreamableServer } from "../../support/streamable_server.ts";

function backendOf(server: StreamableServer, lines: LogLine[] = []) {
  const options = {
    url: server.url("/mcp"),
    transport: "streamable-http",
    headers: new Map(),
  } as const;
  return streamableHttpBackend("remote", options, logInto(lines));
}

function begin(
  server: StreamableServer,
  lines: LogLine[] = [],
): Promise<BackendClient> {
  return BackendClient.begin(backendOf(server, lines));
}

function answer(id: unknown, result = {}): Record<string, string> {
  return { data: JSON.stringify({ jsonrpc: "2.0", id, result }) };
}

describe("messages over Streamable HTTP", () => {
  it("wait for the handshake", async () => {
    const handshake = Promise.withResolvers<void>();
    await using server = await serveStreamable({
      initialize: async (response, { id }) => {
        beginEvents(response, { "mcp-session-id": SESSION_ID });
        await handshake.promise;
        await writeEvent(
          response,
          answer(id, { protocolVersion: "2025-03-26" }),
        );
        response.end();
      },
      ask: emptyResult,
    });
    await using client = await BackendClient.open(backendOf(server));
    await client.initialize();
    await client.send({ id: 1, method: "ask" });
    await server.received.until(
      "the handshake",
      ({ what }) => what === "initialize",
    );
    assert.equal(server.received.all.length, 1);
    handshake.resolve();
    await client.next();
    await client.next();
    assert.equal(
      server.received.all[1]?.headers["mcp-protocol-version"],
      "2025-03-26",
    );
  });

  it("wait for notifications before them, but not for answers", async () => {
    const taken = Promise.withResolvers<void>();
    await using server = await serveStreamable({
      slow: () => {},
      note: async (response) => {
        await taken.promise;
        response.writeHead(202).end();
      },
      ask: emptyResult,
    });
    await using client = await begin(server);
    await client.send({ id: 1, method: "slow" });
    await client.send({ method: "note" });
    await client.send({ id: 2, method: "ask" });
    await server.received.until("the note", ({ what }) => what === "note");
    assert.ok(server.received.all.every(({ what }) => what !== "ask"));
    taken.resolve();
    assert.equal((await client.next()).head.id, 2);
  });

  it("that cancel a request are passed on, and end its stream", async () => {
    const ended = Promise.withResolvers<void>();
    await using server = await serveStreamable({
      slow: (response) => {
        beginEvents(response);
        response.on("close", () => ended.resolve());
      },
      ask: emptyResult,
    });
    await using client = await begin(server);
    await client.send({ id: 1, method: "slow" });
    await server.received.until("the request", ({ what }) => what === "slow");
    const params = { requestId: 1 };
    await client.send({ method: "notifications/cancelled", params });
    await ended.promise;
    assert.ok(
      server.received.all.some(({ what }) =>
        what === "notifications/cancelled"
      ),
    );
    // Nothing is answered to what was cancelled: the next answer is the next request's.
    await client.ask("ask");
  });

  it("that fail are told in the log when they expect no answer", async () => {
    await using server = await serveStreamable({
      note: (response) => void response.writeHead(500).end(),
      ask: emptyResult,
    });
    const lines: LogLine[] = [];
    await using client = await begin(server, lines);
    await client.send({ method: "note" });
    await client.ask("ask");
    const [line] = lines.filter(({ level }) => level === "WARN");
    assert.deepEqual(line, {
      level: "WARN",
      msg: "Message not delivered",
      server: "remote",
      kind: "notification",
      method: "note",
      reason: 'Server "remote" answered HTTP 500',
    });
  });

  it("that still wait when the channel is closed are given up within bounds", async () => {
    await using server = await serveStreamable({ note: () => {} });
    const client = await begin(server);
    await client.send({ method: "note" });
    await client.send({ id: 1, method: "ask" });
    await server.received.until("the note", ({ what }) => what === "note");
    const start = performance.now();
    await client.channel.close();
    assert.ok(performance.now() - start < 3_000);
    const last = server.received.all.slice(-2).map(({ what }) => what);
    assert.deepEqual(last, ["note", "DELETE"]);
  });
});
