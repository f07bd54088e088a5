import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { SessionLost } from "../../../lib/channel/session_lost.ts";
import { Secret } from "../../../lib/secret.ts";
import { streamableHttpBackend } from "../../../lib/transports/backend/streamable_http.ts";
import { BackendClient } from "../../support/backend_client.ts";
import {
  answerJson,
  beginEvents,
  writeEvent,
} from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";
import {
  emptyResult,
  serveStreamable,
  SESSION_ID,
} from "../../support/streamable_server.ts";
import type { StreamableServer } from "../../support/streamable_server.ts";

const SLOW = { timeout: 15_000 };
/** Long enough for an answer to arrive. */
const REFUSED_MS = 200;

function begin(
  server: StreamableServer,
  lines: LogLine[] = [],
): Promise<BackendClient> {
  return BackendClient.begin(backendOf(server, lines));
}

function backendOf(server: StreamableServer, lines: LogLine[] = []) {
  const options = {
    url: server.url("/mcp"),
    transport: "streamable-http",
    headers: new Map([["authorization", new Secret("Bearer of-the-gateway")]]),
  } as const;
  return streamableHttpBackend("remote", options, logInto(lines));
}

function answer(id: unknown, result = {}): Record<string, string> {
  return { data: JSON.stringify({ jsonrpc: "2.0", id, result }) };
}

describe("a Streamable HTTP session", () => {
  it("is named in every request after the handshake, and ended with the channel", async () => {
    await using server = await serveStreamable({
      ask: emptyResult,
    });
    const client = await begin(server);
    await client.ask("ask");
    await client.send({ id: "q", result: {} });
    await server.received.until(
      "the response",
      ({ what }) => what === "response",
    );
    await client.channel.close();
    await server.received.until("the end", ({ what }) => what === "DELETE");
    const [first, ...later] = server.received.all;
    assert.equal(first?.headers["mcp-session-id"], undefined);
    assert.equal(first?.headers["mcp-protocol-version"], undefined);
    const expected = [
      "notifications/initialized",
      "GET",
      "ask",
      "response",
      "DELETE",
    ];
    assert.deepEqual(later.map(({ what }) => what), expected);
    for (const { headers } of later) {
      assert.equal(headers["mcp-session-id"], SESSION_ID);
      assert.equal(headers["mcp-protocol-version"], "2025-11-25");
    }
    for (const { headers } of server.received.all) {
      assert.equal(headers.authorization, "Bearer of-the-gateway");
      assert.equal(headers["accept-encoding"], "identity");
    }
  });

  it("costs no request before the first message, and no DELETE without an id", async () => {
    await using server = await serveStreamable({
      initialize: emptyResult,
    });
    const unused = await BackendClient.open(backendOf(server));
    await unused.channel.close();
    const client = await begin(server);
    await server.received.until("the GET", ({ what }) => what === "GET");
    await client.channel.close();
    const seen = server.received.all.map(({ what }) => what);
    assert.deepEqual(seen, ["initialize", "notifications/initialized", "GET"]);
  });

  it("is ended at the server, too, where the handshake was answered after its end here", async () => {
    const answered = Promise.withResolvers<void>();
    await using server = await serveStreamable({
      initialize: async (response, { id }) => {
        await answered.promise;
        const answer = { jsonrpc: "2.0", id, result: {} };
        answerJson(response, 200, answer, { "mcp-session-id": SESSION_ID });
      },
    });
    const client = await BackendClient.open(backendOf(server));
    await client.initialize();
    await server.received.until(
      "the handshake",
      ({ what }) => what === "initialize",
    );
    const closed = client.channel.close();
    answered.resolve();
    await closed;
    const [, end] = server.received.all;
    assert.equal(end?.what, "DELETE");
    assert.equal(end?.headers["mcp-session-id"], SESSION_ID);
  });

  it("does not begin with an answer that cannot be read", async () => {
    const text = "x".repeat(64 * 1024);
    await using server = await serveStreamable({
      initialize: (response, { id }) => {
        response.writeHead(200, { "content-type": "application/json" });
        const result = `{,"text":"${text}"}`;
        response.end(
          `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`,
        );
      },
    });
    await using client = await BackendClient.open(backendOf(server));
    await client.initialize();
    const { error } = (await client.next()).message();
    assert.match(String(error?.message), /not JSON/);
  });

  it("takes no second answer for that to another request with the same id", async () => {
    const again = Promise.withResolvers<void>();
    await using server = await serveStreamable({
      first: async (response, { id }) => {
        beginEvents(response);
        writeEvent(response, answer(id, { of: "first" }));
        await again.promise;
        writeEvent(response, answer(id, { of: "first, once more" }));
        response.end();
        await once(response, "close");
        answered.resolve();
      },
      second: async (response, { id }) => {
        again.resolve();
        await answered.promise;
        const result = { of: "second" };
        answerJson(response, 200, { jsonrpc: "2.0", id, result });
      },
    });
    const answered = Promise.withResolvers<void>();
    await using client = await begin(server);
    assert.deepEqual((await client.ask("first", 7)).result, { of: "first" });
    assert.deepEqual((await client.ask("second", 7)).result, { of: "second" });
  });

  it("breaks the channel when the backend has ended it", async () => {
    await using server = await serveStreamable({
      ask: (response) => answerJson(response, 404, { error: "gone" }),
    });
    await using client = await begin(server);
    await client.send({ id: 1, method: "ask" });
    const gone = {
      fault: "backend_unavailable",
      message: 'Server "remote" has ended its session',
    };
    await assert.rejects(client.next(), gone);
    await assert.rejects(client.send({ method: "x" }), gone);
    await client.channel.close();
    assert.ok(server.received.all.every(({ what }) => what !== "DELETE"));
  });

  it("is over for a request that is refused, where its standalone stream was refused before", async () => {
    const streams: ServerResponse[] = [];
    const refused = Promise.withResolvers<void>();
    await using server = await serveStreamable({
      GET: (response) => {
        if (streams.push(response) === 1) return beginEvents(response);
        answerJson(response, 404, { error: "gone" });
        refused.resolve();
      },
      ask: async (response) => {
        streams[0]?.destroy();
        await refused.promise;
        // The refusal of the stream is read first.
        await delay(REFUSED_MS);
        answerJson(response, 404, { error: "gone" });
      },
    });
    await using client = await begin(server);
    await client.send({ method: "notifications/initialized" });
    await client.send({ id: 1, method: "ask" });
    await assert.rejects(client.next(), (error) => {
      assert.ok(error instanceof SessionLost);
      assert.equal(error.refused, 1);
      return true;
    });
  });

  it("is over also where the server says so with 400, as servers after the SDK's examples do", async () => {
    const code = -32000;
    const message = "Bad Request: No valid session ID provided";
    const refusal = { jsonrpc: "2.0", error: { code, message }, id: null };
    await using server = await serveStreamable({
      ask: (response) => answerJson(response, 400, refusal),
    });
    await using client = await begin(server);
    await client.send({ id: 1, method: "ask" });
    await assert.rejects(client.next(), (error) => {
      assert.ok(error instanceof SessionLost);
      assert.equal(error.refused, 1);
      return true;
    });
  });

  it(
    "is over also when nobody waits for the request that found it out",
    SLOW,
    async () => {
      const refuse = Promise.withResolvers<void>();
      await using server = await serveStreamable({
        ask: async (response) => {
          await refuse.promise;
          answerJson(response, 404, { error: "gone" });
        },
        "notifications/cancelled": (response) => {
          response.writeHead(202).end();
          refuse.resolve();
        },
      });
      await using client = await begin(server);
      await client.send({ id: 1, method: "ask" });
      const params = { requestId: 1 };
      await client.send({ method: "notifications/cancelled", params });
      const gone = { fault: "backend_unavailable" };
      await assert.rejects(client.next(), gone);
      // Without the id it would reach a session that nobody has begun.
      await assert.rejects(client.send({ id: 2, method: "ask" }), gone);
    },
  );

  it(
    "is ended within bounds when the backend does not answer the DELETE",
    SLOW,
    async () => {
      await using server = await serveStreamable({ DELETE: () => {} });
      const client = await begin(server);
      const start = performance.now();
      await client.channel.close();
      const seconds = (performance.now() - start) / 1_000;
      assert.ok(seconds > 1.5 && seconds < 4, `${seconds}`);
    },
  );
});

describe("an answer over Streamable HTTP", () => {
  it("may be one JSON object or an array of messages", async () => {
    await using server = await serveStreamable({
      one: (response, { id }) =>
        answerJson(response, 200, { jsonrpc: "2.0", id, result: { n: 1 } }),
      many: (response, { id }) =>
        answerJson(response, 200, [
          { jsonrpc: "2.0", method: "note" },
          { jsonrpc: "2.0", id, result: { n: 2 } },
        ]),
    });
    await using client = await begin(server);
    assert.deepEqual((await client.ask("one")).result, { n: 1 });
    await client.send({ id: 2, method: "many" });
    const [note, last] = [await client.next(), await client.next()];
    assert.deepEqual([note.head.method, note.relatesTo], ["note", 2]);
    assert.deepEqual([last.head.id, last.relatesTo], [2, 2]);
  });

  it("comes with what belongs to it, and apart from what belongs to nothing", async () => {
    const standalone = Promise.withResolvers<ServerResponse>();
    await using server = await serveStreamable({
      GET: (response) => {
        beginEvents(response);
        standalone.resolve(response);
      },
      ask: async (response, { id }) => {
        beginEvents(response);
        await writeEvent(response, {
          data: '{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage"}',
        });
        await writeEvent(await standalone.promise, {
          data: '{"jsonrpc":"2.0","method":"apart"}',
        });
        await writeEvent(response, answer(id));
        response.end();
      },
    });
    await using client = await begin(server);
    await client.send({ id: "call", method: "ask" });
    const seen = [await client.next(), await client.next(), await client.next()]
      .map(({ head, relatesTo }) => [head.method ?? head.id, relatesTo]);
    seen.sort((a, b) => String(a).localeCompare(String(b)));
    assert.deepEqual(seen, [
      ["apart", null],
      ["call", "call"],
      ["sampling/createMessage", "call"],
    ]);
  });

  it("may come on another stream, and is passed on once", async () => {
    const standalone = Promise.withResolvers<ServerResponse>();
    await using server = await serveStreamable({
      GET: (response) => {
        beginEvents(response);
        standalone.resolve(response);
      },
      ask: async (response, { id }) => {
        beginEvents(response);
        await writeEvent(await standalone.promise, answer(id, { n: 1 }));
        await writeEvent(await standalone.promise, answer(id, { n: 2 }));
        await writeEvent(await standalone.promise, {
          data: '{"jsonrpc":"2.0","method":"after"}',
        });
      },
    });
    await using client = await begin(server);
    assert.deepEqual((await client.ask("ask")).result, { n: 1 });
    assert.equal((await client.next()).head.method, "after");
  });
});
