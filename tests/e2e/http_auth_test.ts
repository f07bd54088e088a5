// Who may come in, over real HTTP: each refusal with its status, its challenge, its body and its log line.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { rawRequest } from "../support/raw_request.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { initialize } from "../support/streamable_session.ts";

const REALM = 'Bearer realm="mcp-front"';

/** What an answer that refuses has to look like. */
interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly fault: string;
  readonly challenge: string | null;
  readonly description?: RegExp;
}

const NO_CREDENTIALS: Refusal = {
  status: 401,
  error: "unauthorized",
  fault: "unauthenticated",
  challenge: REALM,
};

const UNKNOWN_TOKEN: Refusal = {
  status: 401,
  error: "invalid_token",
  fault: "invalid_token",
  challenge: `${REALM}, error="invalid_token", ` +
    'error_description="The token is not known to this gateway"',
};

const MALFORMED: Refusal = {
  status: 400,
  error: "invalid_request",
  fault: "malformed_credentials",
  challenge: `${REALM}, error="invalid_request", ` +
    'error_description="After the word Bearer come exactly one space and the token, and nothing else"',
};

const TWO_CREDENTIALS: Refusal = {
  ...MALFORMED,
  challenge: `${REALM}, error="invalid_request", ` +
    'error_description="More than one credential was sent"',
};

const NOT_LISTED: Refusal = {
  status: 401,
  error: "invalid_token",
  fault: "invalid_token",
  challenge: `${REALM}, error="invalid_token", error_description=` +
    `"The token 'bob' may not use server 'files': authTokens of server 'files' does not list 'bob'"`,
  description:
    /The token "bob" may not use server "files": authTokens of server "files" does not list "bob"/,
};

const good = `Bearer ${TOKENS.alice}`;
const wrong = "Bearer a-token-nobody-has";

/** What is sent as Authorization, and how it is refused. */
const credentials: readonly (readonly [string, readonly string[], Refusal])[] =
  [
    ["no Authorization header", [], NO_CREDENTIALS],
    ["an empty Authorization header", [""], NO_CREDENTIALS],
    ["another scheme than Bearer", ["Basic YWxpY2U6eA=="], NO_CREDENTIALS],
    ["the token without a scheme", [TOKENS.alice], NO_CREDENTIALS],
    ["an unknown token", [wrong], UNKNOWN_TOKEN],
    ["a prefix of a token", [good.slice(0, -1)], UNKNOWN_TOKEN],
    ["a token in capitals", [good.toUpperCase()], UNKNOWN_TOKEN],
    ["the scheme without a token", ["Bearer"], MALFORMED],
    ["two spaces before the token", [`Bearer  ${TOKENS.alice}`], MALFORMED],
    ["something after the token", [`${good} more`], MALFORMED],
    ["two tokens in one header", [`${good}, ${wrong}`], TWO_CREDENTIALS],
    ["two Authorization headers", [good, wrong], TWO_CREDENTIALS],
    ["the same header twice", [good, good], TWO_CREDENTIALS],
    [
      "a known token that authTokens of the server does not list",
      [`Bearer ${TOKENS.bob}`],
      NOT_LISTED,
    ],
  ];

describe("bearer tokens over HTTP", () => {
  const gateway = sharedGateway({
    files: { ...SCRIPTED, authTokens: ["alice"] },
    open: SCRIPTED,
  });

  for (const [what, headers, refusal] of credentials) {
    it(`${what}: ${refusal.status} ${refusal.error}`, LIMIT, async () => {
      const lines = headers.map((value) => `Authorization: ${value}`);
      const answer = await ask(await gateway(), "POST /files/mcp", lines);
      await assertRefused(await gateway(), answer, refusal);
    });
  }

  it("takes the scheme in any case", LIMIT, async () => {
    for (const scheme of ["bearer", "BEARER", "bEaReR"]) {
      const answer = await ask(await gateway(), "GET /files/mcp", [
        `Authorization: ${scheme} ${TOKENS.alice}`,
      ]);
      assert.equal(answer.status, 405);
    }
  });

  it("never takes a token from the query", LIMIT, async () => {
    for (const name of ["token", "access_token", "authorization"]) {
      const target = `GET /files/mcp?${name}=${TOKENS.alice}`;
      const answer = await ask(await gateway(), target, []);
      await assertRefused(await gateway(), answer, NO_CREDENTIALS);
    }
  });

  for (
    const target of [
      "GET /files/mcp",
      "GET /files/sse",
      "GET /files/messages",
      "POST /files/mcp",
      "POST /files/sse",
      "POST /files/messages?sessionId=unknown",
      "DELETE /files/mcp",
      "PUT /files/mcp",
      "OPTIONS /files/mcp",
      "HEAD /files/mcp",
      "GET /no-such-server/mcp",
      "GET /",
      "GET /sse",
      "GET /files",
      "GET /files/other",
      "GET /.well-known/other",
    ]
  ) {
    it(
      `${target} without a token: 401 before anything else is looked at`,
      LIMIT,
      async () => {
        const answer = await ask(await gateway(), target, []);
        if (target.startsWith("HEAD")) return assert.equal(answer.status, 401);
        await assertRefused(await gateway(), answer, NO_CREDENTIALS);
      },
    );
  }

  it("with a session id but without a token: 401", LIMIT, async () => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const answer = await ask(await gateway(), `${method} /files/mcp`, [
        "Mcp-Session-Id: unknown",
      ]);
      await assertRefused(await gateway(), answer, NO_CREDENTIALS);
    }
  });

  it("logs the documented line for whoever may come in", LIMIT, async () => {
    const authorization = `Authorization: Bearer ${TOKENS.bob}`;
    const running = await gateway();
    const answer = await ask(running, "POST /open/mcp", [authorization]);
    const id = answer.headers.get("x-request-id");
    const line = await running.logged("Authenticated request", {
      request_id: id,
    });
    assert.deepEqual(Object.keys(line).slice(0, 6), [
      "time",
      "level",
      "msg",
      "token_name",
      "server",
      "method",
    ]);
    assert.match(String(line.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { level, token_name, server, method, path } = line;
    assert.deepEqual({ level, token_name, server, method, path }, {
      level: "INFO",
      token_name: "bob",
      server: "open",
      method: "POST",
      path: "/open/mcp",
    });
  });
});

type RawAnswer = Awaited<ReturnType<typeof rawRequest>>;

/** Sends a request with exactly these headers, and `initialize` as its body where it has one. */
function ask(
  gateway: InProcessGateway,
  target: string,
  headers: readonly string[],
): Promise<RawAnswer> {
  const { port } = new URL(gateway.url);
  const body = target.startsWith("POST") ? JSON.stringify(initialize()) : "";
  const lines = [
    `${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Accept: application/json, text/event-stream",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  return rawRequest({ port: Number(port), lines, body });
}

/** The status, the challenge, the three members of the body, and the line in the log that explains it. */
async function assertRefused(
  gateway: InProcessGateway,
  answer: RawAnswer,
  refusal: Refusal,
): Promise<void> {
  assert.equal(answer.status, refusal.status, answer.body);
  assert.equal(answer.headers.get("www-authenticate"), refusal.challenge);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
  const body = JSON.parse(answer.body);
  const members = ["error", "error_description", "request_id"];
  assert.deepEqual(Object.keys(body), members);
  assert.equal(body.error, refusal.error);
  assert.match(body.error_description, refusal.description ?? /./);
  assert.equal(body.request_id, answer.headers.get("x-request-id"));
  const line = await gateway.logged("Request refused", {
    request_id: body.request_id,
  });
  assert.equal(line.level, "WARN");
  assert.equal(line.fault, refusal.fault);
  assert.equal(line.status, refusal.status);
  assert.equal(line.remote, "127.0.0.1");
  assert.ok(String(line.reason).length > 0);
}
