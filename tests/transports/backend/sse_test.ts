import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sseBackend } from "../../../lib/transports/backend/sse.ts";
import { BackendClient } from "../../support/backend_client.ts";
import { answerJson, writeEvent } from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";
import { accept, serveSse } from "../../support/sse_server.ts";

function backendAt(url: URL, lines: LogLine[] = []) {
  const options = { url, transport: "sse", headers: new Map() } as const;
  return sseBackend("remote", options, logInto(lines));
}

describe("a POST to an SSE backend", () => {
  it("that fails is an error answer to its request", async () => {
    await using server = await serveSse(
      "/post",
      (_stream, response, { method }) =>
        void response.writeHead(Number(method)).end("not for clients"),
    );
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    const failed = (await client.ask("500")).error;
    assert.deepEqual(failed, {
      code: -32603,
      message: 'Server "remote" answered HTTP 500',
      data: { fault: "backend_unavailable" },
    });
    const refused = (await client.ask("403")).error;
    assert.match(
      refused?.message as string,
      /refused the gateway's own credentials/,
    );
    const led = (await client.ask("302")).error;
    assert.match(led?.message as string, /a redirect that cannot be followed/);
  });

  it("that fails with an answer in its body has that answer", async () => {
    const error = { code: -32601, message: "no", extra: 1 };
    await using server = await serveSse(
      "/post",
      (_stream, response, { id }) =>
        answerJson(response, 400, { jsonrpc: "2.0", id, error }),
    );
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    assert.deepEqual((await client.ask("ask")).error, error);
  });

  it("that fails without expecting an answer is told in the log", async () => {
    const lines: LogLine[] = [];
    await using server = await serveSse(
      "/post",
      (stream, response, message) => {
        if (message.id !== undefined) return accept(stream, response, message);
        response.writeHead(500).end();
      },
    );
    await using client = await BackendClient.open(
      backendAt(server.url("/sse"), lines),
    );
    await client.send({ method: "note" });
    await client.ask("ask");
    assert.deepEqual(lines.map(({ msg, method }) => [msg, method]), [
      ["Message not delivered", "note"],
    ]);
  });

  it("that is acknowledged late holds up what follows only a little", async () => {
    await using server = await serveSse(
      "/post",
      (stream, response, message) => {
        if (message.method === "ask") return accept(stream, response, message);
      },
    );
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    await client.send({ id: "late", method: "late" });
    await client.ask("ask");
  });

  it("that is answered twice, or after its cancellation, is answered once or not at all", async () => {
    await using server = await serveSse(
      "/post",
      async (stream, response, message) => {
        if (message.method === "notifications/cancelled") {
          await accept(stream, response, {
            ...message,
            id: message.params.requestId,
          });
        } else if (message.method === "slow") {
          response.writeHead(202).end();
        } else {
          await accept(stream, response, message);
          await accept(stream, response, message);
        }
      },
    );
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    await client.send({ id: 1, method: "slow" });
    await client.send({
      method: "notifications/cancelled",
      params: { requestId: 1 },
    });
    await client.ask("first");
    await client.ask("second");
  });
});

describe("the stream of an SSE backend", () => {
  it("breaks the channel when it ends", async () => {
    await using server = await serveSse("/post");
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    (await server.stream).end();
    await assert.rejects(client.next(), {
      fault: "backend_unavailable",
      message: 'Server "remote" has closed its stream',
    });
  });

  it("breaks the channel when its connection breaks", async () => {
    await using server = await serveSse("/post");
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    server.seen[0]?.socket.destroy();
    await assert.rejects(client.next(), {
      fault: "backend_unavailable",
      message:
        'The connection to server "remote" broke: the connection was closed',
    });
  });

  it("may hold other events, comments and what is no message", async () => {
    const lines: LogLine[] = [];
    await using server = await serveSse("/post");
    await using client = await BackendClient.open(
      backendAt(server.url("/sse"), lines),
    );
    const stream = await server.stream;
    await writeEvent(stream, { event: "ping", data: "2025-01-01" });
    await writeEvent(stream, { "": " keep-alive" });
    await writeEvent(stream, { data: "hello" });
    await writeEvent(stream, {
      event: "message",
      data: '{"jsonrpc":"2.0","method":"a"}',
    });
    assert.equal((await client.next()).head.method, "a");
    assert.deepEqual(lines.map(({ msg, bytes }) => [msg, bytes]), [
      ["Backend sent an event that is not a message", 5],
    ]);
  });
});
