// Any bytes as an HTTP request, any text as its body: an answer of the documented form, or the connection closed.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { describe, it } from "node:test";
import fc from "fast-check";
import { TOKENS } from "../support/in_process_gateway.ts";
import { SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { StreamableSession } from "../support/streamable_session.ts";
import { holds, jsonText, LIMIT } from "./fuzz.ts";

/** How long a connection may stay open after the last byte of a request that asks to close it. */
const PATIENCE_MS = 5_000;
const BODY_STATUSES = [200, 202, 400, 413, 504];

/** Sends bytes and half-closes; resolves with all that came back, as Latin-1. */
async function exchange(port: number, bytes: Uint8Array): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error("neither an answer nor the end")),
    PATIENCE_MS,
  );
  let text = "";
  const look = (chunk: string) => {
    text += chunk;
    const [, length] = /^content-length: *(\d+)/im.exec(text) ?? [];
    const end = text.indexOf("\r\n\r\n");
    if (end !== -1 && text.length >= end + 4 + Number(length ?? NaN)) resolve();
  };
  socket.setEncoding("latin1").on("data", look);
  socket.on("error", () => resolve()).on("close", () => resolve());
  socket.on("end", () => resolve());
  socket.end(bytes);
  try {
    await promise;
    return text;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Fails unless this is nothing, the runtime's own refusal without a word, or an answer of the gateway's. */
function assertAnswer(text: string): void {
  if (text === "") return;
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  assert.ok(status, text);
  // Bun itself refuses a request line that it cannot read with 505, without a word.
  assert.ok(Number(status) < 500 || Number(status) === 505, text);
  assert.ok(!/internal|\bat .*\.ts:\d/i.test(text), text);
  const end = text.indexOf("\r\n\r\n");
  const [, length] = /^content-length: *(\d+)/im.exec(text) ?? [];
  // A line feed among the bytes can end the header early: what follows is refused as a request of its own.
  const body = text.slice(end + 4, end + 4 + Number(length ?? Infinity));
  if (body === "" || !/^x-request-id: /im.test(text)) {
    assert.equal(body, "", "a body without a request id");
    return;
  }
  const json = JSON.parse(Buffer.from(body, "latin1").toString());
  assert.ok(json.request_id ?? json.error?.data?.request_id ?? json.status);
}

function headBytes(): fc.Arbitrary<Uint8Array> {
  const any = fc.uint8Array({ maxLength: 20 }).map((bytes) =>
    Buffer.from(bytes).toString("latin1")
  );
  const or = (...known: string[]) => fc.oneof(fc.constantFrom(...known), any);
  const name = or(
    "Authorization",
    "Mcp-Session-Id",
    "Origin",
    "Accept",
    "Last-Event-ID",
    "MCP-Protocol-Version",
    "X-Forwarded-Prefix",
    "Content-Length",
    "Access-Control-Request-Headers",
  );
  const value = or(
    `Bearer ${TOKENS.alice}`,
    "Bearer",
    "null",
    "http://[",
    "0",
    "-1",
    "text/event-stream",
  );
  const field = fc.tuple(name, value).map(([one, other]) => `${one}: ${other}`);
  return fc.record({
    method: or("GET", "POST", "DELETE", "OPTIONS", "TRACE", "PROPFIND"),
    path: or(
      "/one/mcp",
      "/one/messages?sessionId=%",
      "/%",
      "//",
      "/..%2f",
      "*",
      "http://h/",
      "/one/mcp?%ff",
      "/\u00ff",
    ),
    host: or("127.0.0.1", "", "[", "a b", "localhost:99999", "%41"),
    fields: fc.array(field, { maxLength: 5 }),
  }).map(({ method, path, host, fields }) => {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...fields];
    return Buffer.from(
      [...lines, "Connection: close", "", ""].join("\r\n"),
      "latin1",
    );
  });
}

/** Bodies that are messages, nearly are, or are not at all. */
function bodyBytes(): fc.Arbitrary<Uint8Array> {
  const id = fc.oneof(
    jsonText(),
    fc.constantFrom(
      "1e400",
      "-0",
      "9007199254740993",
      '"\\ud800"',
      "1.5",
      "null",
    ),
  );
  const message = fc.tuple(
    id,
    jsonText(),
    fc.constantFrom("x/echo", "ping", "notifications/cancelled"),
  )
    .map(([one, params, method]) =>
      `{"jsonrpc":"2.0","id":${one},"method":"${method}","params":${params}}`
    );
  const text = fc.oneof(message, jsonText(), fc.string({ unit: "binary" }))
    .map((one) => new TextEncoder().encode(one));
  return fc.oneof(text, fc.uint8Array());
}

const DEEP = 100_000;
const HOSTILE: readonly string[] = [
  "[".repeat(DEEP),
  '{"a":'.repeat(DEEP),
  "[".repeat(DEEP) + "]".repeat(DEEP),
  `{"jsonrpc":"2.0","id":9007199254740993,"method":"x/echo","params":{"a":${
    "[".repeat(DEEP)
  }${"]".repeat(DEEP)}}}`,
  `{"jsonrpc":"2.0","id":"d","method":"initialize","params":{"a":${
    "[".repeat(DEEP)
  }${"]".repeat(DEEP)}}}`,
  '{"jsonrpc":"2.0","id":1,"id":2,"method":"x/echo","method":"ping"}',
  '\ufeff\ufeff{"jsonrpc":"2.0","id":1,"method":"x/echo"}',
  '{"jsonrpc":"2.0","id":1e400,"method":"x/echo"}',
];

describe("a gateway among hostile clients", () => {
  const gateway = sharedGateway({
    // The scripted server rounds large ids: what it answers then is the answer to no request.
    one: { ...SCRIPTED, timeouts: { request: "300ms" } },
  });

  async function session() {
    const url = `${(await gateway()).url}/one/mcp`;
    return await StreamableSession.begin({ url, token: TOKENS.alice });
  }

  it(
    "answers any bytes in the form it documents, or closes",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const port = Number(new URL(url).port);
      const property = fc.asyncProperty(headBytes(), async (bytes) => {
        assertAnswer(await exchange(port, bytes));
      });
      await holds(property, 200);
      const own = await session();
      assert.ok("result" in await own.call(1, "x/echo"), "it goes on");
      assert.equal(await own.end(), 204);
    },
  );

  it(
    "refuses what is no message, in a session and without one",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const own = await session();
      await using sse = await SseSession.open({
        url: `${url}/one/sse`,
        token: TOKENS.alice,
      });
      await sse.initialize();
      const targets: readonly [string, Record<string, string>][] = [
        [own.url, { "mcp-session-id": own.id }],
        [own.url, {}],
        [sse.endpoint.href, {}],
      ];
      const tried = async (body: Uint8Array) => {
        for (const [target, headers] of targets) {
          await assertTaken(
            target,
            headers,
            body,
          );
        }
      };
      await holds(fc.asyncProperty(bodyBytes(), tried), 80);
      for (const text of HOSTILE) await tried(new TextEncoder().encode(text));
      assert.ok("result" in await own.call("last", "x/echo"), "it goes on");
      await own.end();
    },
  );

  it("carries any message byte for byte", LIMIT, async () => {
    const own = await session();
    let id = 0;
    await holds(
      fc.asyncProperty(jsonText(), async (params) => {
        const text =
          `{ "params":${params} , "id":${++id},"jsonrpc":"2.0","method":"x/echo"}`;
        const sent = text.replaceAll(/[\n\r]/g, " ");
        const answer = await (await own.post(sent)).text();
        const [, base64 = ""] = /"base64":"([^"]*)"/.exec(answer) ?? [];
        assert.deepEqual(Buffer.from(base64, "base64"), Buffer.from(sent));
      }),
      60,
    );
    await own.end();
  });
});

async function assertTaken(
  target: string,
  headers: Record<string, string>,
  body: Uint8Array,
) {
  const response = await fetch(target, {
    method: "POST",
    headers: {
      authorization: `Bearer ${TOKENS.alice}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: body.slice(),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  assert.ok(
    BODY_STATUSES.includes(response.status),
    `${response.status}: ${text.slice(0, 300)}`,
  );
  assert.ok(
    !/"fault":"internal"|internal_error/.test(text),
    text.slice(0, 300),
  );
}
