import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../../lib/errors.ts";
import { remoteBackend } from "../../../lib/transports/backend/remote.ts";
import type { RemoteTransport } from "../../../lib/transports/backend/remote_options.ts";
import { BackendClient } from "../../support/backend_client.ts";
import {
  answerJson,
  beginEvents,
  bodyOf,
  serveHttp,
  writeEvent,
} from "../../support/http_server.ts";
import type { TestServer } from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";

type Speaks = "sse" | "streamable-http" | "neither";

interface Server extends TestServer {
  readonly seen: string[];
  speaks: Speaks;
}

/** A server that speaks one transport, whatever the path of its url, and refuses the other with `refusal`. */
async function serve(speaks: Speaks, refusal = 405): Promise<Server> {
  const seen: string[] = [];
  const streams: Parameters<Parameters<typeof serveHttp>[0]>[1][] = [];
  const running = await serveHttp(async (request, response) => {
    const body = await bodyOf(request);
    const { id, method } = body === "" ? {} as never : JSON.parse(body);
    seen.push(`${request.method} ${request.url} ${method ?? ""}`.trim());
    const answer = { jsonrpc: "2.0", id, result: { spoken: server.speaks } };
    if (server.speaks === "sse" && request.method === "GET") {
      beginEvents(response);
      streams.push(response);
      return await writeEvent(response, { event: "endpoint", data: "/post" });
    }
    if (server.speaks === "sse" && request.url === "/post") {
      response.writeHead(202).end();
      if (id === undefined) return;
      const stream = streams.at(-1) as typeof response;
      return await writeEvent(stream, { data: JSON.stringify(answer) });
    }
    if (server.speaks === "streamable-http" && request.method === "POST") {
      if (id !== undefined) return answerJson(response, 200, answer);
      return void response.writeHead(202).end();
    }
    response.writeHead(refusal).end("Cannot");
  });
  const server: Server = { ...running, seen, speaks };
  return server;
}

function backendAt(
  url: URL,
  transport: RemoteTransport = "auto",
  lines: LogLine[] = [],
) {
  return remoteBackend(
    "remote",
    { url, transport, headers: new Map() },
    logInto(lines),
  );
}

/** Shakes hands in a fresh channel; what was spoken, or the error. */
async function handshake(backend: ReturnType<typeof backendAt>) {
  await using client = await BackendClient.open(backend);
  await client.initialize();
  await client.send({ method: "notifications/initialized" });
  const { result, error } = (await client.next()).message();
  const ask = error ? undefined : (await client.ask("ask")).result;
  return { spoken: (result as { spoken: string })?.spoken, error, ask };
}

describe("a url whose transport is not given", () => {
  it("has its transport in the log once it is found, and again when it is another one", async () => {
    await using server = await serve("sse");
    const lines: LogLine[] = [];
    const backend = backendAt(server.url("/mcp"), "auto", lines);
    const found = () =>
      lines.filter(({ msg }) => msg === "Backend transport found");
    await handshake(backend);
    await handshake(backend);
    const sse = { server: "remote", transport: "sse" };
    const line = { level: "INFO", msg: "Backend transport found" };
    assert.deepEqual(found(), [{ ...line, ...sse }]);

    server.speaks = "neither";
    await handshake(backend);
    assert.equal(found().length, 1);

    server.speaks = "streamable-http";
    await handshake(backend);
    await handshake(backend);
    assert.deepEqual(found().slice(1), [
      { ...line, ...sse, transport: "streamable-http" },
    ]);
  });

  for (const refusal of [400, 404, 405]) {
    it(`moves to SSE when the handshake is refused with ${refusal}, and stays there`, async () => {
      await using server = await serve("sse", refusal);
      const backend = backendAt(server.url("/mcp"));
      const first = await handshake(backend);
      assert.deepEqual([first.spoken, first.ask], ["sse", { spoken: "sse" }]);
      assert.deepEqual(server.seen, [
        "POST /mcp initialize",
        "GET /mcp",
        "POST /post initialize",
        "POST /post notifications/initialized",
        "POST /post ask",
      ]);
      server.seen.length = 0;
      assert.equal((await handshake(backend)).spoken, "sse");
      assert.equal(server.seen[0], "GET /mcp");
    });
  }

  it("stays with Streamable HTTP when the handshake works", async () => {
    await using server = await serve("streamable-http");
    const backend = backendAt(server.url("/mcp"));
    assert.equal((await handshake(backend)).spoken, "streamable-http");
    assert.equal(server.seen[0], "POST /mcp initialize");
  });

  it("is tried as SSE first where it looks like it", async () => {
    await using sse = await serve("sse");
    assert.equal((await handshake(backendAt(sse.url("/x/sse")))).spoken, "sse");
    assert.equal(sse.seen[0], "GET /x/sse");
    await using http = await serve("streamable-http");
    const backend = backendAt(http.url("/x/sse"));
    assert.equal((await handshake(backend)).spoken, "streamable-http");
    assert.equal(http.seen[0], "GET /x/sse");
    http.seen.length = 0;
    assert.equal((await handshake(backend)).spoken, "streamable-http");
    assert.equal(http.seen[0], "POST /x/sse initialize");
  });

  it("is found out anew when what worked works no more", async () => {
    await using server = await serve("sse");
    const backend = backendAt(server.url("/mcp"));
    assert.equal((await handshake(backend)).spoken, "sse");
    server.speaks = "streamable-http";
    assert.equal((await handshake(backend)).spoken, "streamable-http");
    server.speaks = "sse";
    assert.equal((await handshake(backend)).spoken, "sse");
  });

  it("is not asked twice after an error that proves nothing", async () => {
    await using server = await serve("neither", 500);
    const { error } = await handshake(backendAt(server.url("/mcp")));
    assert.equal(error?.message, 'Server "remote" answered HTTP 500');
    assert.deepEqual(
      server.seen.filter((line) =>
        line !== "POST /mcp notifications/initialized"
      ),
      ["POST /mcp initialize"],
    );
  });

  it("is not asked twice when the refusal is an answer", async () => {
    await using server = await serveHttp(async (request, response) => {
      const { id } = JSON.parse(await bodyOf(request));
      const error = { code: -32602, message: "bad params" };
      answerJson(response, 400, { jsonrpc: "2.0", id, error });
    });
    const { error } = await handshake(backendAt(server.url("/mcp")));
    assert.equal(error?.message, "bad params");
  });

  it("says so when it speaks neither", async () => {
    await using server = await serve("neither", 404);
    await using client = await BackendClient.open(
      backendAt(server.url("/mcp")),
    );
    await client.initialize();
    await assert.rejects(client.next(), {
      fault: "backend_protocol",
      message:
        'Server "remote" speaks neither Streamable HTTP (it answered HTTP 404) ' +
        "nor HTTP+SSE (it answered HTTP 404)",
    });
  });

  it("can be closed while it is found out", async () => {
    const asked = Promise.withResolvers<void>();
    await using server = await serveHttp((request, response) => {
      if (request.method === "POST") return void response.writeHead(404).end();
      asked.resolve();
    });
    const client = await BackendClient.open(backendAt(server.url("/mcp")));
    await client.initialize();
    const next = client.next();
    await asked.promise;
    await client.channel.close();
    await assert.rejects(next, /the channel has ended/);
    await assert.rejects(client.send({ method: "x" }), GatewayError);
  });
});

describe("a url whose transport is given", () => {
  it("is spoken to over that one only", async () => {
    await using server = await serve("sse");
    const http = backendAt(server.url("/sse"), "streamable-http");
    assert.equal(
      (await handshake(http)).error?.message,
      'Server "remote" answered HTTP 405',
    );
    await using other = await serve("streamable-http");
    await assert.rejects(
      handshake(backendAt(other.url("/mcp"), "sse")),
      { message: 'Server "remote" answered HTTP 405' },
    );
  });
});
