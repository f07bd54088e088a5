import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import type { Message } from "../../../lib/protocol/messages.ts";
import { Secret } from "../../../lib/secret.ts";
import { streamableHttpBackend } from "../../../lib/transports/backend/streamable_http.ts";
import { BackendClient } from "../../support/backend_client.ts";
import { beginEvents, serveHttp } from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import {
  emptyResult,
  serveStreamable,
} from "../../support/streamable_server.ts";
import type { Routes } from "../../support/streamable_server.ts";

const SLOW = { timeout: 15_000 };

function backendAt(url: URL) {
  const options = {
    url,
    transport: "streamable-http",
    headers: new Map([["authorization", new Secret("Bearer of-the-gateway")]]),
  } as const;
  return streamableHttpBackend("remote", options, logInto([]));
}

/** The error that answers a request which the server treats as `route` says; the channel must survive it. */
async function failing(route: Routes[string]) {
  await using server = await serveStreamable({
    fail: route,
    ask: emptyResult,
  });
  await using client = await BackendClient.begin(backendAt(server.url("/mcp")));
  const { error } = await client.ask("fail");
  assert.deepEqual((await client.ask("ask")).result, {});
  return error as Message["error"] & { data: { fault: string } };
}

describe("a failed POST over Streamable HTTP", () => {
  it("is an error answer that tells the status", async () => {
    const failed = await failing((response) => {
      response.writeHead(503, { "content-type": "text/plain" });
      response.end("database at 10.0.0.7 is down");
    });
    assert.deepEqual(failed, {
      code: -32603,
      message: 'Server "remote" answered HTTP 503',
      data: { fault: "backend_unavailable" },
    });
  });

  it("is answered with the error that its body holds", async () => {
    const error = { code: -32602, message: "no", data: { new: 1 }, extra: 2 };
    const failed = await failing((response, { id }) => {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id, error }));
    });
    assert.deepEqual(failed, error);
  });

  it("is not answered with an error meant for no request", async () => {
    const failed = await failing((response) => {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(
        '{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"x"}}',
      );
    });
    assert.equal(failed.message, 'Server "remote" answered HTTP 400');
  });

  for (const status of [401, 403]) {
    it(`with ${status} says whose credentials were refused, and nothing of the server's`, async () => {
      const failed = await failing((response, { id }) => {
        response.writeHead(status, {
          "content-type": "application/json",
          "www-authenticate": 'Bearer resource_metadata="https://evil.example"',
        });
        const error = { code: -32001, message: "log in at evil.example" };
        response.end(JSON.stringify({ jsonrpc: "2.0", id, error }));
      });
      assert.equal(failed.data.fault, "backend_refused_credentials");
      assert.match(
        failed.message,
        new RegExp(
          `^Server "remote" refused the gateway's own credentials for it \\(HTTP ${status}\\)`,
        ),
      );
      assert.ok(!JSON.stringify(failed).includes("evil"));
    });
  }

  it("says what came instead of MCP", async () => {
    const page = await failing((response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end("<h1>Welcome</h1>");
    });
    assert.equal(page.data.fault, "backend_protocol");
    assert.match(page.message, /answered with text\/html instead of MCP/);
    const nothing = await failing((response) =>
      void response.writeHead(202).end()
    );
    assert.match(nothing.message, /answered with no content instead of MCP/);
  });

  it("says that the answer is missing or unreadable", async () => {
    for (
      const [body, why] of [
        ["{", /no JSON-RPC message in place of the answer/],
        ["[]", /without answering the request/],
        [
          '{"jsonrpc":"2.0","id":"other","result":{}}',
          /without answering the request/,
        ],
      ] as const
    ) {
      const failed = await failing((response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(body);
      });
      assert.equal(failed.data.fault, "backend_protocol");
      assert.match(failed.message, why);
    }
    const stream = await failing((response) => {
      beginEvents(response);
      response.end(": nothing\n\n");
    });
    assert.match(stream.message, /without answering the request/);
  });

  it("says that the connection broke", async () => {
    const before = await failing((_response, _message, request) => {
      request.socket.destroy();
    });
    assert.equal(before.data.fault, "backend_unavailable");
    assert.match(before.message, /the connection was closed$/);
    const meanwhile = await failing((response, _message, request) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": 100,
      });
      response.write("{", () => request.socket.destroy());
    });
    assert.match(meanwhile.message, /^The connection to server "remote" broke/);
  });

  it("says that the answer is larger than the bound", SLOW, async () => {
    const large = Buffer.alloc(34_000_000, "x");
    const json = await failing((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(large);
    });
    assert.match(json.message, /sent a message over 33554432 bytes/);
    const event = await failing((response) => {
      beginEvents(response);
      response.write("data: ");
      response.end(large);
    });
    assert.match(event.message, /sent a message over 33554432 bytes/);
  });

  it("says that nobody listens there, without the secrets of the url", async () => {
    const server = await serveHttp(() => {});
    const url = server.url("/mcp?key=secret-in-url");
    await server[Symbol.asyncDispose]();
    await using client = await BackendClient.open(backendAt(url));
    await client.initialize();
    const { error } = (await client.next()).message();
    assert.match(
      error?.message as string,
      /^Server "remote" cannot be reached at 127\.0\.0\.1:\d+: the connection was refused$/,
    );
  });
});

describe("a configured header", () => {
  it("that HTTP does not allow is named, and its value is not shown", async () => {
    const headers = new Map([["x-key", new Secret("of-the\ngateway")]]);
    const url = new URL("http://127.0.0.1:9/mcp");
    const options = { url, transport: "streamable-http", headers } as const;
    await using client = await BackendClient.open(
      streamableHttpBackend("remote", options, logInto([])),
    );
    await client.initialize();
    const { error } = (await client.next()).message();
    assert.match(error?.message as string, /^Header "x-key" configured for/);
    assert.ok(!JSON.stringify(error).includes("of-the"));
  });
});

describe("a redirect over Streamable HTTP", () => {
  it("is followed within the origin, with method and body", async () => {
    const seen: (string | undefined)[] = [];
    await using server = await serveHttp(async (request, response) => {
      seen.push(request.url);
      if (request.url !== "/mcp/") {
        return void response.writeHead(307, { location: "/mcp/" }).end();
      }
      let body = "";
      for await (const chunk of request) body += chunk;
      const { id } = JSON.parse(body);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
    });
    await using client = await BackendClient.open(
      backendAt(server.url("/mcp")),
    );
    assert.deepEqual((await client.ask("ask")).result, {});
    assert.deepEqual(seen, ["/mcp", "/mcp/"]);
  });

  it("to another origin is refused, and nothing is sent there", async () => {
    let reached = false;
    await using other = await serveHttp((_request, response) => {
      reached = true;
      response.end();
    });
    const failed = await failing((response) =>
      void response.writeHead(308, { location: `${other.origin}/mcp` }).end()
    );
    assert.match(failed.message, /redirects to another origin, http:\/\/127/);
    assert.ok(!reached);
  });

  it("that would turn the POST into a GET, or goes in circles, is refused", async () => {
    for (
      const [status, location] of [[302, "/mcp"], [307, "/mcp"], [
        307,
        "http://[",
      ]] as const
    ) {
      const failed = await failing((response) =>
        void response.writeHead(status, { location }).end()
      );
      assert.match(failed.message, /a redirect that cannot be followed/);
    }
  });
});
