import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Secret } from "../../../lib/secret.ts";
import { sseBackend } from "../../../lib/transports/backend/sse.ts";
import { BackendClient } from "../../support/backend_client.ts";
import {
  beginEvents,
  serveHttp,
  writeEvent,
} from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import { openContext } from "../../support/open_context.ts";
import { accept, serveSse } from "../../support/sse_server.ts";

function backendAt(url: URL) {
  const headers = new Map([
    ["authorization", new Secret("Bearer of-the-gateway")],
  ]);
  const options = { url, transport: "sse", headers } as const;
  return sseBackend("remote", options, logInto([]));
}

describe("opening an SSE backend", () => {
  it("uses the gateway's headers on the stream and on every POST", async () => {
    await using server = await serveSse("/messages?s=1", accept);
    await using client = await BackendClient.open(
      backendAt(server.url("/a/sse")),
    );
    await client.ask("ask");
    const [get, post] = server.seen;
    assert.deepEqual([get?.url, post?.url], ["/a/sse", "/messages?s=1"]);
    assert.equal(get?.headers.accept, "text/event-stream");
    assert.equal(post?.headers["content-type"], "application/json");
    for (const request of server.seen) {
      assert.equal(request.headers.authorization, "Bearer of-the-gateway");
      assert.equal(request.headers["accept-encoding"], "identity");
    }
  });

  it("follows redirects within the origin, and resolves the endpoint where they lead", async () => {
    const posted = Promise.withResolvers<string | undefined>();
    await using server = await serveHttp(async (request, response) => {
      if (request.url === "/sse") {
        return void response.writeHead(302, { location: "/base/sse" }).end();
      }
      if (request.method === "POST") {
        response.writeHead(202).end();
        return posted.resolve(request.url);
      }
      beginEvents(response);
      await writeEvent(response, { event: "endpoint", data: "messages" });
    });
    await using client = await BackendClient.open(
      backendAt(server.url("/sse")),
    );
    await client.send({ method: "note" });
    assert.equal(await posted.promise, "/base/messages");
  });

  it("refuses a redirect to another origin", async () => {
    let reached = false;
    await using other = await serveHttp((_request, response) => {
      reached = true;
      response.end();
    });
    await using server = await serveHttp((_request, response) =>
      void response.writeHead(302, { location: other.url("/sse").href }).end()
    );
    await assert.rejects(BackendClient.open(backendAt(server.url("/sse"))), {
      fault: "backend_unavailable",
      message: new RegExp(`redirects to another origin, ${other.origin},`),
    });
    assert.ok(!reached);
  });

  it("refuses an endpoint on another origin", async () => {
    for (
      const endpoint of [
        "https://evil.example/post",
        "//evil.example/",
        "http://127.0.0.1:9/",
      ]
    ) {
      await using server = await serveSse(endpoint);
      await assert.rejects(BackendClient.open(backendAt(server.url("/sse"))), {
        fault: "backend_unavailable",
        message: /sends its messages to another origin/,
      });
    }
  });

  it("says what came instead of the stream", async () => {
    const cases: [number, string, RegExp][] = [
      [200, "text/html", /answered with text\/html instead of MCP/],
      [404, "text/plain", /answered HTTP 404/],
      [500, "text/plain", /answered HTTP 500/],
      [
        401,
        "text/plain",
        /refused the gateway's own credentials for it \(HTTP 401\)/,
      ],
    ];
    for (const [status, type, message] of cases) {
      await using server = await serveHttp((_request, response) => {
        response.writeHead(status, {
          "content-type": type,
          "www-authenticate": "Bearer of=evil",
        }).end("evil");
      });
      await assert.rejects(
        BackendClient.open(backendAt(server.url("/sse"))),
        (error: Error) => {
          assert.match(error.message, message);
          assert.ok(!JSON.stringify(error).includes("evil"));
          return true;
        },
      );
    }
  });

  it("fails with a stream that ends before it named its endpoint, or names none", async () => {
    await using silent = await serveHttp((_request, response) => {
      beginEvents(response);
      response.end(": nothing\n\n");
    });
    await assert.rejects(BackendClient.open(backendAt(silent.url("/sse"))), {
      message: /closed its stream without naming its endpoint/,
    });
    await using wrong = await serveSse("http://[");
    await assert.rejects(BackendClient.open(backendAt(wrong.url("/sse"))), {
      message: /named an endpoint that is no url/,
    });
  });

  it("is given up with its session, also before the headers", async () => {
    const left = Promise.withResolvers<void>();
    const session = new AbortController();
    await using server = await serveHttp((_request, response) => {
      response.on("close", () => left.resolve());
      session.abort(new Error("session over"));
    });
    const opening = backendAt(server.url("/sse")).open(
      openContext(session.signal),
    );
    await assert.rejects(opening, /session over/);
    await left.promise;
  });
});
