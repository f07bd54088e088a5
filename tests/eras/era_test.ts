// Which era a request is in (protocol rules § 1.1).

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import { eraOf } from "../../lib/eras/era.ts";

const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
const request = (method: string, params?: Record<string, unknown>) =>
  Envelope.of({ jsonrpc: "2.0", id: 1, method, params });
const era = (envelope: Envelope, headers: Record<string, string> = {}) =>
  eraOf(new Headers(headers), [envelope]);
const modernHeader = { "mcp-protocol-version": "2026-07-28" };

describe("the era of a request", () => {
  it("is modern when the body says so, even for initialize", () => {
    assert.equal(era(request("initialize", { _meta })), "modern");
    assert.equal(era(request("tools/list", { _meta })), "modern");
  });

  it("is legacy for initialize without the modern envelope, whatever the header", () => {
    assert.equal(era(request("initialize"), modernHeader), "legacy");
  });

  it("is modern for a modern header without an envelope, outside a session", () => {
    assert.equal(era(request("tools/list"), modernHeader), "modern");
    const inSession = { ...modernHeader, "mcp-session-id": "x" };
    assert.equal(era(request("tools/list"), inSession), "legacy");
  });

  it("is legacy otherwise", () => {
    assert.equal(era(request("tools/list")), "legacy");
    const header = { "mcp-protocol-version": "2025-06-18" };
    assert.equal(era(request("tools/list"), header), "legacy");
  });
});
