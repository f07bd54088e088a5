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
} from "../../support/streamable_server.ts";
import type { StreamableServer } from "../../support/streamable_server.ts";

const RETRY_MS = 300;

function begin(
  server: StreamableServer,
  lines: LogLine[] = [],
): Promise<BackendClient> {
  const options = {
    url: server.url("/mcp"),
    transport: "streamable-http",
    headers: new Map(),
  } as const;
  return BackendClient.begin(
    streamableHttpBackend("remote", options, logInto(lines)),
  );
}

function gets(server: StreamableServer): unknown[] {
  return server.received.all.filter(({ what }) => what === "GET")
    .map(({ headers }) => headers["last-event-id"]);
}

describe("an answer's stream that ends too early", () => {
  it("is continued after its last event, once the server's time to wait is over", async () => {
    let brokeAt = 0;
    let resumedAfter = 0;
    await using server = await serveStreamable({
      ask: async (response) => {
        beginEvents(response);
        await writeEvent(response, { id: "e1", data: "" });
        await writeEvent(response, {
          id: "e2",
          data: '{"jsonrpc":"2.0","method":"first"}',
        });
        await writeEvent(response, { retry: `${RETRY_MS}` });
        brokeAt = performance.now();
        response.end();
      },
      GET: async (response, _message, request) => {
        if (request.headers["last-event-id"] !== "e2") {
          return void response.writeHead(405).end();
        }
        resumedAfter = performance.now() - brokeAt;
        beginEvents(response);
        await writeEvent(response, {
          id: "e3",
          data: '{"jsonrpc":"2.0","method":"second"}',
        });
        await writeEvent(response, {
          id: "e4",
          data: '{"jsonrpc":"2.0","id":"ask","result":{}}',
        });
        response.end();
      },
    });
    await using client = await begin(server);
    await client.send({ id: "ask", method: "ask" });
    const seen = [
      await client.next(),
      await client.next(),
      await client.next(),
    ];
    assert.deepEqual(
      seen.map(({ head, relatesTo }) => [head.method ?? head.id, relatesTo]),
      [["first", "ask"], ["second", "ask"], ["ask", "ask"]],
    );
    assert.ok(resumedAfter >= RETRY_MS - 20, `${resumedAfter}`);
  });

  it("is asked for again as often as the server closes it", async () => {
    let polls = 0;
    await using server = await serveStreamable({
      ask: async (response) => {
        beginEvents(response);
        await writeEvent(response, { id: "p0", retry: "50", data: "" });
        response.end();
      },
      GET: async (response, _message, request) => {
        const last = request.headers["last-event-id"];
        if (last === undefined) return void response.writeHead(405).end();
        polls++;
        beginEvents(response);
        if (polls < 8) return void response.end();
        await writeEvent(response, {
          data: '{"jsonrpc":"2.0","id":"ask","result":{}}',
        });
        response.end();
      },
    });
    await using client = await begin(server);
    assert.deepEqual((await client.ask("ask")).result, {});
    assert.equal(polls, 8);
  });

  it("is given up when the server will not continue it", async () => {
    await using server = await serveStreamable({
      ask: async (response) => {
        beginEvents(response);
        await writeEvent(response, { id: "e1", retry: "50", data: "" });
        response.end();
      },
      GET: (response, _message, request) => {
        const status = request.headers["last-event-id"] ? 400 : 405;
        response.writeHead(status).end();
      },
    });
    await using client = await begin(server);
    const { error } = await client.ask("ask");
    assert.match(error?.message as string, /without answering the request/);
  });

  it("is given up after some failures in a row", async () => {
    await using server = await serveStreamable({
      ask: async (response) => {
        beginEvents(response);
        await writeEvent(response, { id: "e1", retry: "50", data: "" });
        response.end();
      },
      GET: (response, _message, request) => {
        const status = request.headers["last-event-id"] ? 503 : 405;
        response.writeHead(status).end();
      },
    });
    await using client = await begin(server);
    const { error } = await client.ask("ask");
    assert.match(error?.message as string, /without answering the request/);
    assert.deepEqual(gets(server), [undefined, ...Array(5).fill("e1")]);
  });
});

describe("the standalone stream", () => {
  it("is opened again where it broke", async () => {
    await using server = await serveStreamable({
      GET: async (response, _message, request) => {
        const last = request.headers["last-event-id"] ?? "";
        beginEvents(response);
        await writeEvent(response, {
          id: `${last}x`,
          retry: "50",
          data: `{"jsonrpc":"2.0","method":"after/${last}"}`,
        });
        if (last.length < 2) response.end();
      },
    });
    await using client = await begin(server);
    const seen = [
      await client.next(),
      await client.next(),
      await client.next(),
    ];
    assert.deepEqual(
      seen.map(({ head, relatesTo }) => [head.method, relatesTo]),
      [["after/", null], ["after/x", null], ["after/xx", null]],
    );
    assert.deepEqual(gets(server), [undefined, "x", "xx"]);
  });

  for (const status of [405, 404, 400]) {
    it(`may be refused with ${status}, which is no news`, async () => {
      await using server = await serveStreamable({
        GET: (response) => void response.writeHead(status).end(),
        ask: emptyResult,
      });
      const lines: LogLine[] = [];
      await using client = await begin(server, lines);
      await client.ask("ask");
      await client.ask("ask");
      assert.deepEqual([gets(server).length, lines], [1, []]);
    });
  }

  it("that is gone with its session breaks the channel", async () => {
    let opened = false;
    await using server = await serveStreamable({
      GET: async (response) => {
        if (opened) return void response.writeHead(404).end();
        opened = true;
        beginEvents(response);
        await writeEvent(response, { retry: "50" });
        response.end();
      },
    });
    await using client = await begin(server);
    await assert.rejects(client.next(), {
      message: 'Server "remote" has ended its session',
    });
  });

  it("delays what follows the handshake only a little when the server keeps silent", async () => {
    await using server = await serveStreamable({
      GET: () => {},
      ask: emptyResult,
    });
    await using client = await begin(server);
    const start = performance.now();
    await client.ask("ask");
    assert.ok(performance.now() - start < 2_000);
  });
});
