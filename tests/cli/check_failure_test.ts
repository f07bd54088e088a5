// What a check makes of the errors that real servers seldom cause; the others: tests/e2e/check_test.ts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadClient } from "../../deps.ts";
import { failureOf } from "../../lib/cli/check/failure_of.ts";
import { Findings, MAX_LAST_WORDS } from "../../lib/cli/check/findings.ts";
import { GatewayError } from "../../lib/errors.ts";
import { errorResponse } from "../../lib/error_response.ts";
import type { ServerConfig } from "../../mod.ts";

const library = await loadClient();
const server: ServerConfig = {
  bridge: "auto",
  name: "files",
  backend: {
    kind: "stdio",
    stdio: { command: "node", args: [], env: {}, cwd: "/" },
    timeouts: { openMs: 30_000, requestMs: 60_000, requestMaxMs: 60_000 },
  },
};

function told(error: unknown, signal = new AbortController().signal) {
  const { fault, message, lastWords, hint } = failureOf(error, {
    library,
    server,
    method: "tools/list",
    limit: { ms: 60_000, signal },
    findings: new Findings(),
    presentable: (line) => line,
  });
  return [fault, message, lastWords, hint];
}

describe("the failure of a check", () => {
  it("is the time where that ran out, by either clock", () => {
    const late = [
      "backend_timeout",
      'Server "files" did not get ready within 60 s',
      [],
      `where it needs longer, as for a first download, set "timeouts": { "open": "2m" }`,
    ];
    assert.deepEqual(told(new Error("aborted"), AbortSignal.abort()), late);
    const { RequestTimeout } = library.SdkErrorCode;
    const expired = new library.SdkError(RequestTimeout, "Request timed out");
    assert.deepEqual(told(expired), late);
  });

  for (const form of ["an answer", "plain JSON"] as const) {
    it(`is what the gateway says in an HTTP error: ${form}`, async () => {
      const rpcId = form === "an answer" ? 1 : undefined;
      const refusal = new GatewayError("overloaded", "Too much at once", {
        hint: "Try again later",
        rpcId,
      });
      const response = errorResponse(refusal, "abc");
      const { status } = response;
      const text = await response.text();
      const code = library.SdkErrorCode.ClientHttpNotImplemented;
      const error = new library.SdkHttpError(code, "?", { status, text });
      const [fault, message, , hint] = told(error);
      assert.equal(fault, "overloaded");
      const isApart = form === "an answer";
      const whole = "Too much at once. Try again later";
      assert.equal(message, isApart ? "Too much at once" : whole);
      assert.equal(hint, isApart ? "try again later" : undefined);
    });
  }

  it("is the status where an HTTP error says nothing", () => {
    const code = library.SdkErrorCode.ClientHttpNotImplemented;
    const data = { status: 500, text: "<h1>" };
    const error = new library.SdkHttpError(code, "?", data);
    assert.deepEqual(told(error), [
      "internal",
      'Server "files" answers HTTP 500',
      [],
      "this may be a fault of mcp-front; LOG_LEVEL=debug shows more of it",
    ]);
  });

  it("has the message and the hint of the gateway apart", () => {
    const data = { fault: "backend_stalled", hint: "Wait for it" };
    const text = 'Server "files" does not read. Wait for it';
    const error = new library.ProtocolError(-32603, text, data);
    assert.deepEqual(told(error), [
      "backend_stalled",
      'Server "files" does not read',
      [],
      "wait for it",
    ]);
  });

  it("keeps the last lines of a long error", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    const text = ["it broke", ...lines].join("\n");
    const [, message, words] = told(new library.ProtocolError(-32603, text));
    assert.match(String(message), /with -32603: it broke$/);
    assert.deepEqual(words, lines.slice(-MAX_LAST_WORDS));
  });

  it("keeps what the client library says on one line", () => {
    const error = new Error("expected\n  an array");
    const [fault, message] = told(error);
    assert.equal(fault, "backend_protocol");
    assert.equal(
      message,
      'Server "files" answered tools/list with what clients refuse: expected an array',
    );
  });
});
