// Streamable HTTP on the wire: what is taken, and how it is answered.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import { rawRequest } from "../support/raw_request.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { script } from "../support/scripted_server.ts";
import {
  initialize,
  notification,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;

describe("a POST that is taken", () => {
  const gateway = sharedGateway({ files: SCRIPTED });
  const begin = async (revision?: string) =>
    await StreamableSession.begin({
      url: `${(await gateway()).url}/files/mcp`,
      token,
      revision,
    });

  it(
    "L-C-08: a notification or a response is 202 with no body",
    LIMIT,
    async () => {
      const session = await begin();
      const answer = { jsonrpc: "2.0" as const, id: "unasked", result: {} };
      for (const message of [notification("x/y"), answer]) {
        const response = await session.post(message);
        assert.equal(response.status, 202);
        assert.equal(await response.text(), "");
      }
    },
  );

  it(
    "initialize begins a session also with the modern revision in MCP-Protocol-Version: its body decides",
    LIMIT,
    async () => {
      const session = await begin();
      const headers = { "mcp-protocol-version": "2026-07-28" };
      const again = new StreamableSession(session.url, token, "");
      const response = await again.post(initialize("2026-07-28"), headers);
      assert.equal(response.status, 200, await response.text());
      assert.ok(response.headers.get("mcp-session-id"));
    },
  );

  it(
    "L-C-16: a batch is taken in a 2025-03-26 session, and its answers come as one",
    LIMIT,
    async () => {
      const session = await begin("2025-03-26");
      const only = await session.post([
        notification("x/a"),
        notification("x/b"),
      ]);
      assert.equal(only.status, 202);
      assert.equal(await only.text(), "");
      const both = await session.post([
        request(1, "x/one"),
        notification("x/between"),
        request("1", "x/two"),
      ]);
      assert.equal(both.status, 200);
      const answers = await both.json();
      const ids = answers.map(({ id }: { id: unknown }) => id);
      assert.deepEqual(ids, [1, "1"]);
    },
  );

  it(
    "L-C-15: any revision the gateway knows may stand in MCP-Protocol-Version, or none",
    LIMIT,
    async () => {
      const session = await begin("2025-06-18");
      for (const revision of ["2025-06-18", "2025-03-26", "2025-11-25", ""]) {
        const headers = { "mcp-protocol-version": revision };
        const response = await session.post(request(1, "x/y"), headers);
        assert.equal(response.status, 200, revision);
        assert.ok("result" in await response.json());
      }
    },
  );

  it(
    "L-C-17: an Accept of json only or of anything is answered with JSON",
    LIMIT,
    async () => {
      const session = await begin();
      for (const accept of ["application/json", "*/*", "application/*"]) {
        const response = await session.post(request(1, "x/y"), { accept });
        assert.equal(response.status, 200, accept);
        const type = response.headers.get("content-type") ?? "";
        assert.match(type, /^application\/json/);
        assert.ok("result" in await response.json());
      }
    },
  );

  it("L-C-23: a JSON-RPC error of a live session is 200", LIMIT, async () => {
    const session = await begin();
    const error =
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}';
    const response = await session.post(script(1, { say: error }));
    assert.equal(response.status, 200);
    assert.equal(await response.text(), error);
  });

  it("L-C-18: ping is answered on the spot with {}", LIMIT, async () => {
    const session = await begin();
    const response = await session.post(request("p", "ping"));
    assert.equal(response.status, 200);
    const answer = { jsonrpc: "2.0", id: "p", result: {} };
    assert.deepEqual(await response.json(), answer);
  });

  it("JSON with white space around and within is taken", LIMIT, async () => {
    const { url } = await gateway();
    const text = `\r\n\t ${JSON.stringify(initialize(), null, 2)}\n`;
    const response = await post(`${url}/files/mcp`, token, text);
    assert.equal(response.status, 200);
    assert.ok("result" in await response.json());
  });

  it("a body beyond 32 MiB is 413, before it is read", LIMIT, async () => {
    const { url } = await gateway();
    const { port, host } = new URL(url);
    const lines = [
      "POST /files/mcp HTTP/1.1",
      `Host: ${host}`,
      `Authorization: Bearer ${token}`,
      "Content-Type: application/json",
      `Content-Length: ${33 * 1024 * 1024}`,
    ];
    const answer = await rawRequest({ port: Number(port), lines });
    assert.equal(answer.status, 413);
  });
});
