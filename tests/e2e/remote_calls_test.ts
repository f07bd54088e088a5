// Calls to remote servers that fail one at a time, and the headers that cross the gateway or must not.

import assert from "node:assert/strict";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "../../lib/protocol/messages.ts";
import {
  answerJson,
  beginEvents,
  bodyOf,
  serveHttp,
} from "../support/http_server.ts";
import type { TestServer } from "../support/http_server.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { answerTo, PlainSse } from "../support/plain_backend.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const SESSION_ID = "mcp-session-id";
/** How often a call is tried again that the gateway refuses for now. */
const RETRY_MS = 50;

/** What happens to the call `x/fail`: how the server answers, and what the client is told. */
const failures: readonly {
  readonly name: string;
  readonly answer: (response: ServerResponse, message: Message) => void;
  readonly said: RegExp;
  readonly fault?: string;
}[] = [
  {
    name: "a stream that breaks before the answer",
    answer: (response) => {
      beginEvents(response);
      response.write(": still working\n\n", () => response.destroy());
    },
    said: /server "far"/i,
    fault: "backend_unavailable",
  },
  {
    name: "a stream that ends without an answer",
    answer: (response) => {
      beginEvents(response);
      response.end();
    },
    said: /server "far"/i,
    fault: "backend_protocol",
  },
  {
    name: "half a JSON object",
    answer: (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"jsonrpc":"2.0","id":1,');
    },
    said: /server "far"/i,
    fault: "backend_protocol",
  },
  {
    name: "an answer to another request",
    answer: (response, message) =>
      answerJson(response, 200, answerTo({ ...message, id: "other" })),
    said: /server "far"/i,
    fault: "backend_protocol",
  },
  {
    name: "401 with a challenge",
    answer: (response) =>
      answerJson(response, 401, {}, { "www-authenticate": "Bearer x" }),
    said: /refused the gateway's own credentials/,
    fault: "backend_refused_credentials",
  },
  {
    name: "503",
    answer: (response) => void response.writeHead(503).end(),
    said: /^Server "far" answered HTTP 503/,
    fault: "backend_unavailable",
  },
  {
    name: "a JSON-RPC error with status 400",
    answer: (response, { id }) => {
      const error = { code: -32602, message: "its own words" };
      answerJson(response, 400, { jsonrpc: "2.0", id, error });
    },
    said: /^its own words$/,
  },
];

/** A gateway in front of a Streamable HTTP server that answers `x/fail` in its own way. */
function failing(
  answer: (
    response: ServerResponse,
    message: Message,
    session?: string,
  ) => void,
): Promise<TestServer> {
  let sessions = 0;
  return serveHttp(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const message: Message = JSON.parse(await bodyOf(request));
    const session = request.headers[SESSION_ID] as string | undefined;
    if (message.method === "x/fail") return answer(response, message, session);
    if (message.id === undefined) return void response.writeHead(202).end();
    const known = session ?? `s${++sessions}`;
    answerJson(response, 200, answerTo(message), { [SESSION_ID]: known });
  });
}

function gatewayFor(
  server: TestServer,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<InProcessGateway> {
  const transport = path === "/sse" ? "sse" : "streamable-http";
  return startGateway({
    far: { url: `${server.origin}${path}`, transport, headers },
  });
}

function begin(gateway: InProcessGateway): Promise<StreamableSession> {
  return StreamableSession.begin({ url: `${gateway.url}/far/mcp`, token });
}

/** The first answer with a result: a server that failed twice is not tried again at once. */
async function answered(
  session: StreamableSession,
  method: string,
): Promise<Message> {
  for (let attempt = 1;; attempt++) {
    const answer = await session.call(`${method} ${attempt}`, method);
    if ("result" in answer) return answer;
    const { message } = answer.error ?? {};
    assert.match(message ?? "", /Try again in \d s$/);
    await delay(RETRY_MS);
  }
}

describe("a call that a remote server fails", () => {
  for (const { name, answer, said, fault } of failures) {
    it(
      `${name}: this call gets an error, the next one its answer`,
      LIMIT,
      async () => {
        await using server = await failing(answer);
        await using gateway = await gatewayFor(server, "/mcp");
        const session = await begin(gateway);
        const response = await session.post(request(1, "x/fail"));
        assert.equal(response.status, 200);
        assert.equal(response.headers.get("www-authenticate"), null);
        const { id, error }: Message = await response.json();
        assert.equal(id, 1);
        assert.match(error?.message ?? "", said);
        const data = error?.data as { fault?: string } | undefined;
        assert.equal(data?.fault, fault);
        assert.ok("result" in await session.call(2, "x/echo"));
        await session.end();
      },
    );
  }

  it(
    "404 for its session each time: the call is tried in one more, then gets an error, and the next one its answer",
    LIMIT,
    async () => {
      const tried: (string | undefined)[] = [];
      await using server = await failing((response, _message, session) => {
        tried.push(session);
        response.writeHead(404).end();
      });
      await using gateway = await gatewayFor(server, "/mcp");
      const session = await begin(gateway);
      const { error } = await session.call(1, "x/fail");
      assert.match(error?.message ?? "", /^Server "far" has ended its session/);
      assert.deepEqual(tried, ["s1", "s2"]);
      const { result } = await answered(session, "x/echo");
      assert.deepEqual(result, { method: "x/echo" });
      assert.equal(await session.end(), 204);
      await nothingLeft(gateway);
    },
  );
});

describe("the headers that a remote server receives", () => {
  const own = {
    authorization: "Bearer of-the-gateway",
    "x-api-key": "key-of-the-gateway",
  };
  /** What a client may send, or a proxy in front of the gateway, and no server may see. */
  const foreign = {
    cookie: "session=of-the-client",
    "proxy-authorization": "Basic of-the-client",
    "x-api-key": "of-the-client",
    "x-forwarded-for": "203.0.113.9",
    forwarded: "for=203.0.113.9",
    origin: "http://localhost:6274",
    referer: "http://localhost:6274/of-the-client",
  };

  it(
    "are the gateway's own: none of the client's, over Streamable HTTP",
    LIMIT,
    async () => {
      const seen: IncomingHttpHeaders[] = [];
      await using server = await serveHttp(async (request, response) => {
        seen.push(request.headers);
        if (request.method !== "POST") {
          return void response.writeHead(405).end();
        }
        const message: Message = JSON.parse(await bodyOf(request));
        if (message.id === undefined) return void response.writeHead(202).end();
        answerJson(response, 200, answerTo(message), { "mcp-session-id": "s" });
      });
      await using gateway = await gatewayFor(server, "/mcp", own);
      const session = await begin(gateway);
      const response = await session.post(request(1, "x/echo"), foreign);
      assert.ok("result" in await response.json());
      await session.end();
      await nothingLeft(gateway);
      assertOwn(seen);
      const ids = seen.slice(1).map((one) => one["mcp-session-id"]);
      assert.ok(ids.every((id) => id === "s"), ids.join());
    },
  );

  it(
    "are the gateway's own: none of the client's, over HTTP+SSE",
    LIMIT,
    async () => {
      const seen: IncomingHttpHeaders[] = [];
      const sse = new PlainSse();
      await using server = await serveHttp(async (request, response) => {
        seen.push(request.headers);
        await sse.handle(request, response);
      });
      await using gateway = await gatewayFor(server, "/sse", own);
      await using session = await SseSession.open({
        url: `${gateway.url}/far/sse`,
        token,
        headers: foreign,
      });
      const posted = await session.post(initialize(), foreign);
      assert.equal(posted.status, 202);
      assert.ok("result" in await session.events.message());
      assertOwn(seen);
    },
  );

  function assertOwn(seen: readonly IncomingHttpHeaders[]): void {
    assert.ok(seen.length >= 2);
    for (const headers of seen) {
      for (const [name, value] of Object.entries(own)) {
        assert.equal(headers[name], value);
      }
      const text = JSON.stringify(headers);
      assert.doesNotMatch(text, /of-the-client|203\.0\.113\.9|localhost:6274/);
      assert.ok(!text.includes(token));
    }
  }
});
