// Streamable HTTP on the wire: the status and body of everything that is not taken.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { script } from "../support/scripted_server.ts";
import {
  initialize,
  notification,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;

/** What is posted, with which headers, and what has to come. */
interface Case {
  readonly name: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Of the JSON-RPC error, where it is one. */
  readonly code?: number;
  readonly id?: string | number | null;
  /** Of the plain JSON body, where it is one. */
  readonly error?: string;
}

const JSON_RPC = { status: 400, code: -32600, id: null };
const NOT_TAKEN = { body: request(7, "x/y"), code: -32000, id: 7 };

const refused: readonly Case[] = [
  {
    name: "L-C-05: a request without Mcp-Session-Id is 400",
    ...NOT_TAKEN,
    headers: { "mcp-session-id": "" },
    status: 400,
  },
  {
    name: "L-C-05: a notification without Mcp-Session-Id is 400",
    body: notification("x/y"),
    headers: { "mcp-session-id": "" },
    status: 400,
    error: "session_required",
  },
  {
    name: "L-C-05: an unknown session is 404",
    ...NOT_TAKEN,
    headers: { "mcp-session-id": "unknown" },
    status: 404,
    code: -32001,
  },
  {
    name: "L-C-05: an unknown session is 404 for a notification too",
    body: notification("x/y"),
    headers: { "mcp-session-id": "unknown" },
    status: 404,
    error: "session_not_found",
  },
  {
    name: "L-C-15: an invalid MCP-Protocol-Version is 400",
    ...NOT_TAKEN,
    headers: { "mcp-protocol-version": "1999-01-01" },
    status: 400,
  },
  {
    name: "L-C-15: an MCP-Protocol-Version that is no date is 400",
    body: notification("x/y"),
    headers: { "mcp-protocol-version": "latest" },
    status: 400,
    error: "unsupported_revision",
  },
  {
    name: "L-C-17: an Accept that fits no answer is 406",
    ...NOT_TAKEN,
    headers: { accept: "text/html" },
    status: 406,
  },
  {
    name: "L-C-17: an Accept that excludes every answer is 406",
    ...NOT_TAKEN,
    headers: { accept: "application/json;q=0, text/html" },
    status: 406,
  },
  {
    name: "L-C-17: a wrong Content-Type is 415",
    body: request(7, "x/y"),
    headers: { "content-type": "text/plain" },
    status: 415,
    error: "unsupported_media_type",
  },
  {
    name: "L-C-17: JSON in another charset than UTF-8 is 415",
    body: request(7, "x/y"),
    headers: { "content-type": "application/json; charset=utf-16" },
    status: 415,
    error: "unsupported_media_type",
  },
  {
    name: "L-C-17: a second initialize in a session is 400",
    body: initialize(),
    status: 400,
    code: -32600,
    id: "init",
  },
  { name: "no body is 400", body: "", status: 400, code: -32700, id: null },
  { name: "half a message is 400", ...JSON_RPC, body: '{"id":', code: -32700 },
  { name: "a number is 400", ...JSON_RPC, body: "42" },
  { name: "a text is 400", ...JSON_RPC, body: '"ping"' },
  { name: "null is 400", ...JSON_RPC, body: "null" },
  { name: "an empty object is 400", ...JSON_RPC, body: "{}" },
  { name: "no jsonrpc is 400", ...JSON_RPC, body: { id: 1, method: "x" } },
  {
    name: "a method that is no text is 400",
    ...JSON_RPC,
    body: { jsonrpc: "2.0", id: 1, method: 2 },
  },
  {
    name: "an id of null is 400",
    ...JSON_RPC,
    body: { jsonrpc: "2.0", id: null, method: "x" },
  },
  { name: "an empty batch is 400", ...JSON_RPC, body: [] },
  {
    name: "L-C-16: a batch is 400 in a session that is not 2025-03-26",
    ...JSON_RPC,
    body: [request(1, "x/y")],
  },
];

describe("a POST that is not taken", () => {
  const gateway = sharedGateway({ files: SCRIPTED });
  let session: Promise<StreamableSession> | undefined;
  const begin = async () =>
    await (session ??= StreamableSession.begin({
      url: `${(await gateway()).url}/files/mcp`,
      token,
    }));

  for (const { name, body, headers, status, ...expected } of refused) {
    it(name, LIMIT, async () => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const response = await (await begin()).post(text, headers);
      const answer = await response.json();
      assert.equal(response.status, status, JSON.stringify(answer));
      assert.equal(response.headers.get("mcp-session-id"), null);
      if (expected.error !== undefined) {
        assert.equal(answer.error, expected.error);
      } else {
        assert.equal(answer.jsonrpc, "2.0");
        assert.equal(answer.id, expected.id);
        assert.equal(answer.error.code, expected.code);
      }
      const id = response.headers.get("x-request-id");
      assert.equal(answer.request_id ?? answer.error.data.request_id, id);
      const line = await (await gateway()).logged("Request refused", {
        request_id: id,
      });
      assert.equal(line.status, status);
    });
  }

  it(
    "L-C-05: GET without a session is 405, not 400 or 404",
    LIMIT,
    async () => {
      const own = await begin();
      const response = await own.listen({ "mcp-session-id": "" });
      await response.body?.cancel();
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "POST");
      const unknown = await own.listen({ "mcp-session-id": "unknown" });
      await unknown.body?.cancel();
      assert.equal(unknown.status, 404);
      const json = await own.listen({ accept: "application/json" });
      await json.body?.cancel();
      assert.equal(json.status, 406);
      const revision = await own.listen({ "mcp-protocol-version": "x" });
      await revision.body?.cancel();
      assert.equal(revision.status, 400);
    },
  );

  it(
    "DELETE without a session is 400, of an unknown one 404",
    LIMIT,
    async () => {
      const own = await begin();
      assert.equal(await own.end({ "mcp-session-id": "" }), 400);
      assert.equal(await own.end({ "mcp-session-id": "unknown" }), 404);
    },
  );

  it(
    "an id that is still open is 400, and the open call is unharmed",
    LIMIT,
    async () => {
      const own = await begin();
      const wait = { wait: { method: "x/go" } };
      const answer = { say: '{"jsonrpc":"2.0","id":8,"result":"kept"}' };
      const open = own.post(script(8, wait, answer));
      const barrier = await own.call(9, "x/after");
      assert.ok("result" in barrier, "the script runs");
      const clash = await own.post(request(8, "x/y"));
      const body = await clash.json();
      assert.equal(clash.status, 400);
      assert.equal(body.id, 8);
      assert.equal(body.error.code, -32600);
      await own.post(notification("x/go"));
      assert.equal((await (await open).json()).result, "kept");
      const again = await own.call(8, "x/y");
      assert.ok("result" in again, "an answered id may be used again");
    },
  );
});
