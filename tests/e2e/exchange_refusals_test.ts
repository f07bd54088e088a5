// What is refused of a modern client before any server hears of it, over real HTTP (protocol rules M-C-01 to M-C-35).

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { META } from "../../lib/protocol/meta.ts";
import { LATEST_MODERN_REVISION } from "../../lib/protocol/versions.ts";
import {
  encoded,
  modernHeaders,
  modernRequest,
} from "../support/exchange_client.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { post } from "../support/streamable_session.ts";
import type { HeaderFields } from "../support/streamable_session.ts";

interface Case {
  readonly name: string;
  readonly body: Message | readonly Message[] | string;
  /** Instead of those that go with the body, or beside them; an empty value leaves one out. */
  readonly headers?: HeaderFields;
  readonly status: number;
  readonly code?: number;
  /** Default: that of the request. */
  readonly id?: null;
}

const call = (name: string) => modernRequest("tools/call", { name });
const read = (uri: string) => modernRequest("resources/read", { uri });
const CALL = call("echo");

/** A request whose `_meta` is as given. */
function saying(_meta: unknown, method = "tools/list"): Message {
  return { jsonrpc: "2.0", id: 1, method, params: { _meta } };
}

function inRevision(revision: string): Pick<Case, "body" | "headers"> {
  const meta = { [META.protocolVersion]: revision };
  return {
    body: modernRequest("tools/list", {}, { meta }),
    headers: { "mcp-protocol-version": revision },
  };
}

const MISMATCH = { status: 400, code: -32020 } as const;
const INCOMPLETE = { status: 400, code: -32602 } as const;
const UNKNOWN = { status: 400, code: -32022 } as const;
const INVALID = { status: 400, code: -32600, id: null } as const;

const CASES: readonly Case[] = [
  {
    name: "M-C-04: a batch",
    body: [CALL],
    ...INVALID,
  },
  {
    name: "M-C-04: a response",
    body: { jsonrpc: "2.0", id: 1, result: {} },
    headers: { "mcp-protocol-version": LATEST_MODERN_REVISION },
    ...INVALID,
  },
  {
    name: "M-C-06: a notification whose revision its header does not say",
    body: {
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { _meta: { [META.protocolVersion]: LATEST_MODERN_REVISION } },
    },
    headers: { "mcp-protocol-version": "2025-11-25" },
    status: 400,
  },
  {
    name: "M-C-08: no MCP-Protocol-Version",
    body: CALL,
    headers: { "mcp-protocol-version": "" },
    ...MISMATCH,
  },
  {
    name: "M-C-08: another MCP-Protocol-Version",
    body: CALL,
    headers: { "mcp-protocol-version": "2027-01-01" },
    ...MISMATCH,
  },
  {
    name: "M-C-08: a legacy MCP-Protocol-Version",
    body: CALL,
    headers: { "mcp-protocol-version": "2025-11-25" },
    ...MISMATCH,
  },
  {
    name: "M-C-09: a revision that is to come",
    ...inRevision("2031-01-01"),
    ...UNKNOWN,
  },
  {
    name: "M-C-09: a revision that never was",
    ...inRevision("1900-01-01"),
    ...UNKNOWN,
  },
  {
    name: "M-C-09: a legacy revision in the envelope",
    ...inRevision("2025-11-25"),
    ...UNKNOWN,
  },
  {
    name: "M-C-10: no Mcp-Method",
    body: CALL,
    headers: { "mcp-method": "" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: another Mcp-Method",
    body: CALL,
    headers: { "mcp-method": "tools/list" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: an Mcp-Method in another case",
    body: CALL,
    headers: { "mcp-method": "Tools/Call" },
    ...MISMATCH,
  },
  ...["mcp-protocol-version", "mcp-method", "mcp-name"].map((header) => {
    const value = (modernHeaders(CALL) as Record<string, string>)[header];
    // What a header that is there twice is read as (RFC 9110 § 5.3).
    const headers = { [header]: `${value}, ${value}` };
    return {
      name: `M-C-10: ${header} twice`,
      body: CALL,
      headers,
      ...MISMATCH,
    };
  }),
  {
    name: "M-C-10: no Mcp-Name for a tool",
    body: CALL,
    headers: { "mcp-name": "" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: another Mcp-Name for a tool",
    body: CALL,
    headers: { "mcp-name": "other" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: an Mcp-Name in another case",
    body: CALL,
    headers: { "mcp-name": "Echo" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: an Mcp-Name where the body has none",
    body: modernRequest("tools/call"),
    headers: { "mcp-name": "echo" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: no Mcp-Name for a prompt",
    body: modernRequest("prompts/get", { name: "p" }),
    headers: { "mcp-name": "" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: the Mcp-Name of a resource is its uri",
    body: read("a://b"),
    headers: { "mcp-name": "b" },
    ...MISMATCH,
  },
  {
    name: "M-C-10: the Mcp-Name of a task is its id",
    body: modernRequest("tasks/get", { taskId: "t" }),
    headers: { "mcp-name": "u" },
    ...MISMATCH,
  },
  {
    name: "M-C-11: an encoded Mcp-Name of another name",
    body: call("größe"),
    headers: { "mcp-name": encoded("grösse") },
    ...MISMATCH,
  },
  {
    name: "M-C-11: an Mcp-Name that is no Base64",
    body: CALL,
    headers: { "mcp-name": "=?base64?***?=" },
    ...MISMATCH,
  },
  {
    name: "M-C-11: an Mcp-Name that is no UTF-8",
    body: CALL,
    headers: { "mcp-name": "=?base64?/w==?=" },
    ...MISMATCH,
  },
  {
    name: "M-C-11: an Mcp-Name whose marker is in capitals",
    body: CALL,
    headers: { "mcp-name": encoded("echo ").replace("base64", "BASE64") },
    ...MISMATCH,
  },
  {
    name: "M-C-11: an Mcp-Name with other characters than ASCII",
    body: call("größe"),
    headers: { "mcp-name": "gr\u00f6\u00dfe" },
    ...MISMATCH,
  },
  {
    name: "M-C-14: no params",
    body: { jsonrpc: "2.0", id: 1, method: "tools/list" },
    ...INCOMPLETE,
  },
  { name: "M-C-14: no _meta", body: saying(undefined), ...INCOMPLETE },
  { name: "M-C-14: a _meta that is no object", body: saying(7), ...INCOMPLETE },
  {
    name: "M-C-14: no revision in _meta",
    body: saying({ [META.clientCapabilities]: {} }),
    ...INCOMPLETE,
  },
  {
    name: "M-C-14: a revision that is no text",
    body: saying({ [META.protocolVersion]: 20260728 }),
    ...INCOMPLETE,
  },
  {
    name: "M-C-14: no capabilities",
    body: saying({ [META.protocolVersion]: LATEST_MODERN_REVISION }),
    ...INCOMPLETE,
  },
  {
    name: "M-C-14: capabilities that are no object",
    body: saying({
      [META.protocolVersion]: LATEST_MODERN_REVISION,
      [META.clientCapabilities]: [],
    }),
    ...INCOMPLETE,
  },
  {
    name: "M-C-34: no JSON",
    body: '{"jsonrpc":"2.0","id":1,',
    headers: { "mcp-protocol-version": LATEST_MODERN_REVISION },
    status: 400,
    code: -32700,
    id: null,
  },
  {
    name: "M-C-34: JSON that is no JSON-RPC",
    body: '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    headers: { "mcp-protocol-version": LATEST_MODERN_REVISION },
    ...INVALID,
  },
  {
    name: "M-C-34: another Content-Type",
    body: CALL,
    headers: { "content-type": "text/plain" },
    status: 415,
  },
];

describe("a request of the modern era is refused for", () => {
  const gateway = sharedGateway({ files: SCRIPTED });

  for (const { name, body, headers, status, code, id } of CASES) {
    it(name, LIMIT, async () => {
      const { url } = await gateway();
      const single = typeof body === "string" || Array.isArray(body)
        ? undefined
        : body as Message;
      const fitting = single && single.method !== undefined
        ? modernHeaders(single)
        : {};
      const all = { ...fitting, ...headers };
      const response = await post(`${url}/files/mcp`, TOKENS.alice, body, all);
      const answer = await response.json();
      assert.equal(response.status, status, JSON.stringify(answer));
      if (code === undefined) return;
      assert.equal(answer.error.code, code, JSON.stringify(answer));
      assert.equal(answer.id, id === null ? null : 1);
      assert.equal(typeof answer.error.message, "string");
      assert.equal(
        answer.error.data.request_id,
        response.headers.get("x-request-id"),
      );
    });
  }

  it("M-C-09: all of this, and nothing is started for it", LIMIT, async () => {
    const text = await (await gateway()).logText();
    assert.match(text, /Request refused/);
    assert.doesNotMatch(text, /Session opened|Backend started/);
  });

  it("M-C-09: telling which revisions there are", LIMIT, async () => {
    const { url } = await gateway();
    const { body, headers } = inRevision("1900-01-01");
    const all = { ...modernHeaders(body as Message), ...headers };
    const response = await post(`${url}/files/mcp`, TOKENS.alice, body, all);
    const { supported, requested } = (await response.json()).error.data;
    assert.deepEqual(supported, ["2026-07-28"]);
    assert.equal(requested, "1900-01-01");
  });

  it("M-C-01: a GET and a DELETE without a session", LIMIT, async () => {
    const { url } = await gateway();
    const authorization = `Bearer ${TOKENS.alice}`;
    const headers = {
      authorization,
      accept: "text/event-stream",
      "mcp-protocol-version": LATEST_MODERN_REVISION,
    };
    const got = await fetch(`${url}/files/mcp`, { headers });
    assert.equal(got.status, 405);
    assert.equal(got.headers.get("allow"), "POST");
    await got.body?.cancel();
  });

  it(
    "M-C-02, A-03: who has no token or a foreign origin, in plain JSON",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const headers = modernHeaders(CALL);
      const unknown = await post(`${url}/files/mcp`, "nobody", CALL, headers);
      assert.equal(unknown.status, 401);
      assert.equal((await unknown.json()).error, "invalid_token");
      assert.ok(unknown.headers.get("www-authenticate"));
      const foreign = await post(`${url}/files/mcp`, TOKENS.alice, CALL, {
        ...headers,
        origin: "https://evil.example",
      });
      assert.equal(foreign.status, 403);
      assert.equal((await foreign.json()).error, "forbidden_origin");
    },
  );
});
