// Remote servers that misbehave: what the client sees, and that no credentials go astray.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { answerJson, beginEvents, serveHttp } from "../support/http_server.ts";
import type { Handler, TestServer } from "../support/http_server.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { answerStreamable, PlainSse } from "../support/plain_backend.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import {
  initialize,
  post,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const CREDENTIALS = { authorization: "Bearer of-the-gateway" };

/** A gateway with one server at `url`. */
function gatewayFor(url: string, more: Record<string, unknown> = {}) {
  return startGateway({ far: { url, headers: CREDENTIALS, ...more } });
}

/** Begins a session that must fail; resolves with the error, which must be the whole answer. */
async function failedStart(gateway: InProcessGateway): Promise<Message> {
  const response = await post(`${gateway.url}/far/mcp`, token, initialize());
  const answer: Message = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  assert.equal(response.headers.get("mcp-session-id"), null);
  assert.equal(response.headers.get("www-authenticate"), null);
  assert.equal(answer.id, "init");
  assert.ok(answer.error, JSON.stringify(answer));
  await nothingLeft(gateway);
  return answer;
}

function begin(gateway: InProcessGateway): Promise<StreamableSession> {
  return StreamableSession.begin({ url: `${gateway.url}/far/mcp`, token });
}

/** The handler of a server at another origin: what it is asked for, must not come. */
function nobody(asked: string[]): Handler {
  return (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  };
}

/** How a server answers the first POST (or GET, of HTTP+SSE), and what the client is told. */
const failures: readonly {
  readonly name: string;
  readonly answer: Handler;
  readonly transport?: string;
  readonly said: RegExp;
  readonly fault: string;
}[] = [
  {
    name: "answers HTML",
    answer: (_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<h1>Welcome</h1>");
    },
    said: /^Server "far" answered with text\/html instead of MCP/,
    fault: "backend_protocol",
  },
  {
    name: "answers HTML on both transports",
    answer: (_, response) => {
      response.writeHead(404, { "content-type": "text/html" });
      response.end("<h1>Not found</h1>");
    },
    transport: "auto",
    said: /^Server "far" speaks neither Streamable HTTP .* nor HTTP\+SSE/,
    fault: "backend_protocol",
  },
  {
    name: "answers 401 with a challenge of its own",
    answer: (_, response) => {
      const challenge = 'Bearer resource_metadata="https://as.example"';
      const headers = { "www-authenticate": challenge, "set-cookie": "a=b" };
      answerJson(response, 401, { error: "invalid_token" }, headers);
    },
    said: /^Server "far" refused the gateway's own credentials for it/,
    fault: "backend_refused_credentials",
  },
  {
    name: "answers 403",
    answer: (_, response) => void response.writeHead(403).end(),
    transport: "sse",
    said: /^Server "far" refused the gateway's own credentials for it/,
    fault: "backend_refused_credentials",
  },
  {
    name: "answers 500",
    answer: (_, response) => void response.writeHead(500).end("stack trace"),
    said: /^Server "far" answered HTTP 500/,
    fault: "backend_unavailable",
  },
  {
    name: "hangs up",
    answer: (_, response) => void response.destroy(),
    said: /^Server "far" cannot be reached|^The connection to server "far"/,
    fault: "backend_unavailable",
  },
  {
    name: "never answers",
    answer: () => {},
    said: /^Server "far" did not .* within 0.5 s/,
    fault: "backend_timeout",
  },
  {
    name: "opens a stream and says nothing",
    answer: (_, response) => beginEvents(response),
    transport: "sse",
    said: /^Server "far" did not .* within 0.5 s/,
    fault: "backend_timeout",
  },
];

describe("a remote server that misbehaves", () => {
  for (const { name, answer, said, fault, ...options } of failures) {
    it(`${name}: the client is told so`, LIMIT, async () => {
      await using server = await serveHttp(answer);
      await using gateway = await gatewayFor(`${server.origin}/mcp`, {
        transport: options.transport ?? "streamable-http",
        timeouts: { open: "500ms" },
      });
      const { error } = await failedStart(gateway);
      assert.match(error?.message ?? "", said);
      assert.equal((error?.data as { fault: string }).fault, fault);
    });
  }

  it(
    "is down at first: the client is told so, and the next session works once it is up",
    LIMIT,
    async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/mcp`;
      await using gateway = await gatewayFor(url);
      const { error } = await failedStart(gateway);
      const said =
        /^Server "far" cannot be reached at .*: the connection was refused/;
      assert.match(error?.message ?? "", said);
      const server = createServer(answerStreamable).listen(port, "127.0.0.1");
      await once(server, "listening");
      try {
        const session = await begin(gateway);
        assert.ok("result" in await session.call(1, "x/echo"));
        await session.end();
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  );

  it(
    "redirects within its origin: it is followed, with method, body and credentials",
    LIMIT,
    async () => {
      const seen: unknown[] = [];
      await using server = await serveHttp(async (request, response) => {
        if (request.url === "/old") {
          return void response.writeHead(307, { location: "/new" }).end();
        }
        seen.push(request.headers.authorization);
        await answerStreamable(request, response);
      });
      await using gateway = await gatewayFor(`${server.origin}/old`, {
        transport: "streamable-http",
      });
      const session = await begin(gateway);
      assert.ok("result" in await session.call(1, "x/echo"));
      assert.ok(seen.every((value) => value === CREDENTIALS.authorization));
      await session.end();
    },
  );

  for (
    const [transport, lead] of [
      ["streamable-http", redirecting],
      ["sse", redirecting],
      ["sse", pointing],
    ] as const
  ) {
    it(
      `${transport}, ${lead.name} to another origin: refused, and nothing is sent there`,
      LIMIT,
      async () => {
        const asked: string[] = [];
        await using elsewhere = await serveHttp(nobody(asked));
        await using server = await serveHttp(lead(elsewhere));
        await using gateway = await gatewayFor(`${server.origin}/x`, {
          transport,
        });
        const { error } = await failedStart(gateway);
        assert.match(error?.message ?? "", /to another origin/);
        assert.deepEqual(asked, []);
      },
    );
  }

  it(
    "drops its stream in mid-call: it is asked for another with the gateway's credentials",
    LIMIT,
    async () => {
      const sse = new PlainSse();
      const seen: IncomingMessage[] = [];
      await using server = await serveHttp((request, response) => {
        seen.push(request);
        return sse.handle(request, response);
      });
      await using gateway = await gatewayFor(`${server.origin}/sse`);
      const session = await begin(gateway);
      const { error } = await session.call(1, "x/drop");
      assert.match(error?.message ?? "", /server "far"/i);
      assert.ok("result" in await session.call(2, "x/echo"));
      const streams = seen.filter(({ method }) => method === "GET");
      assert.equal(streams.length, 2);
      for (const { headers } of seen) {
        assert.equal(headers.authorization, CREDENTIALS.authorization);
      }
      assert.equal(await session.end(), 204);
      await nothingLeft(gateway);
    },
  );

  it(
    "points to another origin when its stream is opened again: refused, and nothing is sent there",
    LIMIT,
    async () => {
      const asked: string[] = [];
      await using elsewhere = await serveHttp(nobody(asked));
      const sse = new PlainSse();
      await using server = await serveHttp((...both) => sse.handle(...both));
      await using gateway = await gatewayFor(`${server.origin}/sse`);
      const session = await begin(gateway);
      sse.endpoint = `${elsewhere.origin}/messages`;
      assert.ok("error" in await session.call(1, "x/drop"));
      const { error } = await session.call(2, "x/echo");
      assert.match(error?.message ?? "", /to another origin/);
      assert.deepEqual(asked, []);
    },
  );
});

function redirecting({ origin }: TestServer): Handler {
  return (_, response) =>
    void response.writeHead(307, { location: `${origin}/x` }).end();
}

function pointing({ origin }: TestServer): Handler {
  const sse = new PlainSse();
  sse.endpoint = `${origin}/messages`;
  return (...both) => sse.handle(...both);
}

async function freePort(): Promise<number> {
  await using server = await serveHttp(() => {});
  return Number(new URL(server.origin).port);
}
