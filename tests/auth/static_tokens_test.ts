// Named bearer tokens: who gets in, and how everyone else is refused.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StaticTokens } from "../../lib/auth/static_tokens.ts";
import { digestOf, hashedToken, tokenOf } from "../../lib/auth/token.ts";
import type { ServerAccess } from "../../lib/auth/server_access.ts";
import { GatewayError } from "../../lib/errors.ts";

const ALICE = "token-for-alice-0123456789";
const HASHED = "token-of-which-only-the-hash-is-known";
const authenticator = new StaticTokens({
  tokens: new Map([
    ["alice", tokenOf(ALICE)],
    ["ci", tokenOf("token-for-ci-0123456789")],
    ["hashed", hashedToken(digestOf(HASHED))],
  ]),
  servers: new Map<string, ServerAccess>([
    ["private", { authTokens: ["alice"], line: 7 }],
    ["public", {}],
  ]),
  scopes: new Map(),
});

function principal(authorization: string) {
  return authenticator.authenticate(new Headers({ authorization }));
}

function refusal(headers: Headers): GatewayError {
  try {
    authenticator.authenticate(headers);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  assert.fail("it was let in");
}

describe("static tokens", () => {
  it("know a caller by the token's name", () => {
    assert.equal(principal(`Bearer ${ALICE}`).id, "alice");
  });

  it("know a caller by the hash of the token", () => {
    assert.equal(principal(`Bearer ${HASHED}`).id, "hashed");
  });

  it("let nobody in by a hash", () => {
    const digest = digestOf(HASHED);
    for (const stolen of [digest, `sha256:${digest}`, digestOf(ALICE)]) {
      const headers = new Headers({ authorization: `Bearer ${stolen}` });
      assert.equal(refusal(headers).fault, "invalid_token");
    }
  });

  it("take the scheme in any case", () => {
    assert.equal(principal(`bEARER ${ALICE}`).id, "alice");
  });

  it("challenge a request without credentials, without an error code", () => {
    const basic = new Headers({ authorization: "Basic YTpi" });
    for (const headers of [new Headers(), basic]) {
      const error = refusal(headers);
      assert.equal(error.status, 401);
      assert.equal(
        error.headers["www-authenticate"],
        'Bearer realm="mcp-front"',
      );
    }
  });

  it("answer an unknown token with invalid_token, without repeating it", () => {
    const error = refusal(new Headers({ authorization: `Bearer ${ALICE}x` }));
    assert.equal(error.status, 401);
    assert.match(
      error.headers["www-authenticate"] ?? "",
      /error="invalid_token"/,
    );
    assert.doesNotMatch(JSON.stringify(error.headers) + error.text, /alice/);
  });

  it("answer a malformed header with invalid_request", () => {
    const malformed = [
      "Bearer",
      "Bearer ",
      `Bearer  ${ALICE}`,
      `Bearer ${ALICE} x`,
      `Bearer\t${ALICE}`,
      `Bearer ${ALICE}, Bearer ${ALICE}`,
    ];
    for (const authorization of malformed) {
      const error = refusal(new Headers({ authorization }));
      assert.equal(error.status, 400, authorization);
    }
  });

  it("join two headers into one malformed one", () => {
    const headers = new Headers();
    headers.append("authorization", `Bearer ${ALICE}`);
    headers.append("authorization", `Bearer ${ALICE}`);
    assert.equal(refusal(headers).fault, "malformed_credentials");
  });

  it("allow a server without authTokens to every token, others to those listed", () => {
    const alice = principal(`Bearer ${ALICE}`);
    const ci = principal("Bearer token-for-ci-0123456789");
    const may = (who: typeof alice, server: string) =>
      who.allows({ kind: "server", server }).allowed;
    assert.deepEqual(
      [may(alice, "private"), may(alice, "public"), may(ci, "public")],
      [true, true, true],
    );
    const denied = ci.allows({ kind: "server", server: "private" });
    assert.deepEqual(denied, {
      allowed: false,
      rule: 'authTokens of server "private" does not list "ci"',
      line: 7,
    });
  });

  it("restrict nothing by themselves", () => {
    const alice = principal(`Bearer ${ALICE}`);
    assert.deepEqual(alice.restricted("private"), new Set());
    const tool = { kind: "tool", server: "public", name: "query" } as const;
    assert.deepEqual(alice.allows(tool), {
      allowed: true,
      rule: "no rule restricts it",
    });
  });

  it("allow nothing at a server that does not exist", () => {
    const alice = principal(`Bearer ${ALICE}`);
    assert.equal(alice.allows({ kind: "server", server: "no" }).allowed, false);
  });
});
