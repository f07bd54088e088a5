// What goes to a server of the modern era over HTTP, and what comes of its answers.

import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { after, describe, it } from "node:test";
import type { OpenContext } from "../../../lib/backend.ts";
import { NotModern } from "../../../lib/channel/not_modern.ts";
import { Secret } from "../../../lib/secret.ts";
import { modernHttpBackend } from "../../../lib/transports/backend/modern_http.ts";
import { BackendClient } from "../../support/backend_client.ts";
import {
  answerJson,
  beginEvents,
  bodyOf,
  serveHttp,
  writeEvent,
} from "../../support/http_server.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";
import { modernRequest } from "../../support/modern_messages.ts";
import { openContext } from "../../support/open_context.ts";
import { Seen } from "../../support/seen.ts";

const SLOW = { timeout: 20_000 };

/** A POST as the server got it. */
interface Got {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
  readonly port: number | undefined;
}

type Reply = (response: ServerResponse, id: unknown) => void | Promise<void>;

const error = (id: unknown, code: number) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message: "no" },
});

const result = (id: unknown) => ({
  jsonrpc: "2.0",
  id,
  result: { resultType: "complete" },
});

const data = (json: unknown) => ({ data: JSON.stringify(json) });

/** What the server does with each method. */
const REPLIES: Readonly<Record<string, Reply>> = {
  json: (response, id) => answerJson(response, 200, result(id)),
  stream: async (response, id) => {
    beginEvents(response);
    const notice = { jsonrpc: "2.0", method: "notifications/message" };
    await writeEvent(response, data(notice));
    await writeEvent(response, data({ jsonrpc: "2.0", id: "q", method: "x" }));
    await writeEvent(response, data(result("another")));
    await writeEvent(response, data(result(id)));
    await writeEvent(response, data(result(id)));
    response.end();
  },
  silent: (response) => beginEvents(response),
  ends: (response) => {
    beginEvents(response);
    response.end();
  },
  "no method": (response, id) => answerJson(response, 404, error(id, -32601)),
  mismatch: (response) => answerJson(response, 400, error(null, -32020)),
  legacy: (response) => answerJson(response, 400, error(null, -32000)),
  nothing: (response) => void response.writeHead(404).end(),
  wrong: (response) => void response.writeHead(405).end(),
  broken: (response) => void response.writeHead(503).end(),
  page: (response) =>
    void response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
};

const got = new Seen<Got>(({ method }) => method);

const starting = serveHttp(async (request, response) => {
  const { id, method } = JSON.parse(await bodyOf(request));
  const { headers, socket } = request;
  got.add({ method, headers, response, port: socket.remotePort });
  const reply = REPLIES[method] ?? REPLIES.json as Reply;
  if (id === undefined) response.writeHead(202).end();
  else await reply(response, id);
});
after(async () => await (await starting)[Symbol.asyncDispose]());

async function open(
  context: Partial<OpenContext> = {},
  lines: LogLine[] = [],
): Promise<BackendClient> {
  const options = {
    url: (await starting).url("/mcp"),
    transport: "streamable-http",
    headers: new Map([
      ["authorization", new Secret("Bearer of-the-gateway")],
      ["mcp-method", new Secret("of-the-operator")],
    ]),
  } as const;
  const backend = modernHttpBackend("remote", options, logInto(lines));
  const whole = { ...openContext(), ...context };
  return new BackendClient(await backend.open(whole));
}

/** The headers that tell of the body of `request`. */
async function headersOf(
  request: ReturnType<typeof modernRequest>,
  context: Partial<OpenContext> = {},
): Promise<Record<string, string>> {
  await using client = await open(context);
  const before = got.all.length;
  await client.channel.send(request);
  await client.next();
  const { headers } = got.all[before] as Got;
  const own = Object.entries(headers).filter(([name]) => /^mcp-/.test(name));
  return Object.fromEntries(own) as Record<string, string>;
}

describe("a request to a server of the modern era over HTTP", () => {
  it("tells of its body in its headers", SLOW, async () => {
    const version = { "mcp-protocol-version": "2026-07-28" };
    assert.deepEqual(await headersOf(modernRequest(1, "tools/list")), {
      ...version,
      "mcp-method": "tools/list",
    });
    for (
      const [method, params, name] of [
        ["tools/call", { name: "get-sum", uri: "no" }, "get-sum"],
        ["prompts/get", { name: "Århus" }, "=?base64?w4VyaHVz?="],
        ["resources/read", { uri: "file:///a b" }, "file:///a b"],
        ["resources/read", { uri: " padded " }, "=?base64?IHBhZGRlZCA=?="],
        ["tools/call", { name: "a\r\nx: y" }, "=?base64?YQ0KeDogeQ==?="],
        [
          "tools/call",
          { name: "=?base64?literal?=" },
          "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
        ],
        ["tasks/get", { taskId: "t1" }, "t1"],
        ["tools/call", { name: 7 }, undefined],
        ["tools/list", { name: "x" }, undefined],
      ] as const
    ) {
      const headers = await headersOf(modernRequest(1, method, params));
      assert.deepEqual(headers, {
        ...version,
        "mcp-method": method,
        ...(name !== undefined && { "mcp-name": name }),
      });
    }
  });

  it(
    "carries the client's Mcp-Param fields as they came, and nothing else of the client",
    SLOW,
    async () => {
      const parameters = new Map([
        ["mcp-param-region", "=?base64?w4VyaHVz?="],
        ["mcp-param-x!", "-7"],
        ["authorization", "Bearer of-the-client"],
        ["mcp-method", "of-the-client"],
      ]);
      const call = modernRequest(1, "tools/call", { name: "t" });
      assert.deepEqual(await headersOf(call, { parameters }), {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "t",
        "mcp-param-region": "=?base64?w4VyaHVz?=",
        "mcp-param-x!": "-7",
      });
      const last = got.all.at(-1)?.headers;
      assert.equal(last?.authorization, "Bearer of-the-gateway");
      assert.equal(last?.accept, "application/json, text/event-stream");
      assert.equal(last?.["mcp-session-id"], undefined);
    },
  );

  it(
    "is answered as JSON or on a stream, which says what belongs to it; a server that asks is not heard",
    SLOW,
    async () => {
      const lines: LogLine[] = [];
      await using client = await open({}, lines);
      await client.channel.send(modernRequest("a", "json"));
      assert.equal((await client.next()).relatesTo, "a");
      await client.channel.send(modernRequest("b", "stream"));
      const notice = await client.next();
      assert.equal(notice.head.method, "notifications/message");
      assert.equal(notice.relatesTo, "b");
      const { head } = await client.next();
      assert.deepEqual(head, { kind: "response", id: "b", failed: false });
      await client.channel.send(modernRequest("c", "json"));
      assert.equal((await client.next()).head.id, "c");
      const [dropped] = lines.filter(({ msg }) => msg === "Message dropped");
      assert.equal(dropped?.from, "backend");
    },
  );

  it(
    "leaves its connection to the next one, also where the channel is closed with the answer",
    SLOW,
    async () => {
      const before = got.all.length;
      for (let round = 0; round < 5; round++) {
        const client = await open();
        await client.channel.send(modernRequest(round, "stream"));
        while ((await client.next()).head.kind !== "response");
        await client.channel.close();
      }
      const ports = got.all.slice(before).map(({ port }) => port);
      assert.equal(new Set(ports).size, 1, ports.join(" "));
    },
  );

  it(
    "is ended at the server when it is cancelled, or its channel closed",
    SLOW,
    async () => {
      await using client = await open();
      for (const id of ["first", "second"]) {
        const before = got.all.length;
        await client.channel.send(modernRequest(id, "silent"));
        const { response } = await got.until(
          "the request",
          (one) => got.all.indexOf(one) >= before,
        );
        const left = once(response, "close");
        if (id === "first") {
          const params = { requestId: id };
          await client.send({ method: "notifications/cancelled", params });
        } else {
          await client.channel.close();
        }
        await left;
      }
      const methods = got.all.map(({ method }) => method);
      assert.ok(!methods.includes("notifications/cancelled"));
    },
  );

  it("fails alone: what is wrong is the answer to it", SLOW, async () => {
    await using client = await open();
    const answer = async (method: string) => {
      await client.channel.send(modernRequest(method, method));
      const envelope = await client.next();
      assert.equal(envelope.head.id, method);
      const { error } = envelope.message();
      return [error?.code, envelope.tells?.fault, envelope.tells];
    };
    const codeOf = async (method: string) => (await answer(method)).slice(0, 2);
    assert.deepEqual(await codeOf("no method"), [-32601, undefined]);
    assert.deepEqual(await codeOf("mismatch"), [-32020, undefined]);
    assert.deepEqual(await codeOf("broken"), [-32603, "backend_unavailable"]);
    assert.deepEqual(await codeOf("page"), [-32603, "backend_protocol"]);
    assert.deepEqual(await codeOf("ends"), [-32603, "backend_protocol"]);
    for (const method of ["legacy", "nothing", "wrong"]) {
      const [code, , tells] = await answer(method);
      assert.equal(code, -32603);
      assert.ok(tells instanceof NotModern, method);
    }
    assert.deepEqual(await codeOf("json"), [undefined, undefined]);
  });
});
