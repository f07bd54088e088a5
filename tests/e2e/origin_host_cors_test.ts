// Which Host and Origin may come in over real HTTP, and what a browser is told.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { rawRequest } from "../support/raw_request.ts";
import type { RawAnswer } from "../support/raw_request.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { initialize } from "../support/streamable_session.ts";

const AUTHORIZATION = `Authorization: Bearer ${TOKENS.alice}`;

/** Sends a request with exactly these headers, and `initialize` as its body where it has one. */
function ask(
  gateway: InProcessGateway,
  target: string,
  headers: readonly string[],
): Promise<RawAnswer> {
  const port = Number(new URL(gateway.url).port);
  const body = target.startsWith("POST") ? JSON.stringify(initialize()) : "";
  const host = headers.some((line) => line.startsWith("Host:"))
    ? []
    : [`Host: 127.0.0.1:${port}`];
  const lines = [
    `${target} HTTP/1.1`,
    ...host,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  return rawRequest({ port, lines, body });
}

describe("a request whose Host makes no url", () => {
  const gateway = sharedGateway({ files: SCRIPTED });

  it("is refused, with its id in the log", LIMIT, async () => {
    const { url } = await gateway();
    for (const host of ["Host: a b", "Host: :x"]) {
      const port = Number(new URL(url).port);
      const lines = ["GET /files/mcp HTTP/1.1", host];
      const answer = await rawRequest({ port, lines });
      assert.equal(answer.status, 400, answer.body);
      const { error, request_id } = JSON.parse(answer.body);
      assert.equal(error, "invalid_request");
      await (await gateway()).logged("Request refused", { request_id });
      assert.equal(answer.headers.get("x-request-id"), request_id);
    }
  });
});

describe("a gateway on a loopback address", () => {
  const gateway = sharedGateway({ files: SCRIPTED }, {
    baseUrl: "https://mcp.example/base",
    allowedHosts: ["Internal.Example"],
    allowedOrigins: ["https://inspector.example"],
  });

  for (
    const host of [
      "localhost",
      "LOCALHOST:1",
      "127.0.0.1",
      "[::1]:8080",
      "mcp.example",
      "internal.example:9",
    ]
  ) {
    it(`answers to the Host ${host}`, LIMIT, async () => {
      const headers = [`Host: ${host}`, AUTHORIZATION];
      const answer = await ask(await gateway(), "GET /files/mcp", headers);
      assert.equal(answer.status, 405, answer.body);
    });
  }

  for (
    const host of [
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.nip.example",
      "mcp.example.evil.example",
      "192.168.0.1",
      "[::2]",
    ]
  ) {
    it(`refuses the Host ${host} with 403, whoever asks`, LIMIT, async () => {
      for (const more of [[AUTHORIZATION], []]) {
        const headers = [`Host: ${host}`, ...more];
        const answer = await ask(await gateway(), "POST /files/mcp", headers);
        assert.equal(answer.status, 403);
        assert.equal(answer.headers.get("www-authenticate"), null);
        const body = JSON.parse(answer.body);
        assert.equal(body.error, "forbidden_host");
        assert.match(body.error_description, /proxy\.allowedHosts/);
        await loggedRefusal(await gateway(), body.request_id, 403);
      }
    });
  }

  it("answers 400 where the Host gives no url", LIMIT, async () => {
    for (const host of ["Host: a b", "Host: [::1", "Host: %%"]) {
      const headers = [host, AUTHORIZATION];
      const answer = await ask(await gateway(), "GET /files/mcp", headers);
      assert.ok([400, 403].includes(answer.status), `${host} ${answer.status}`);
    }
  });

  it("takes the health check from any Host", LIMIT, async () => {
    const headers = ["Host: 10.1.2.3:8080"];
    const answer = await ask(await gateway(), "GET /health", headers);
    assert.equal(answer.status, 200);
  });

  for (
    const origin of [
      "http://localhost:6274",
      "http://127.0.0.1:1",
      "https://localhost",
      "http://[::1]:3000",
      "https://mcp.example",
      "https://inspector.example",
    ]
  ) {
    it(`lets pages of ${origin} in, and lets them read`, LIMIT, async () => {
      const headers = [`Origin: ${origin}`, AUTHORIZATION];
      const begun = await ask(await gateway(), "POST /files/mcp", headers);
      assert.equal(begun.status, 200, begun.body);
      assertShared(begun, origin);
      const id = begun.headers.get("mcp-session-id");
      assert.ok(id);
      const end = [...headers, `Mcp-Session-Id: ${id}`];
      const ended = await ask(await gateway(), "DELETE /files/mcp", end);
      assert.equal(ended.status, 204);
      const refused = await ask(await gateway(), "POST /files/mcp", [
        `Origin: ${origin}`,
      ]);
      assert.equal(refused.status, 401, "an allowed origin needs a token too");
      assertShared(refused, origin);
    });
  }

  for (
    const origin of [
      "https://evil.example",
      "http://mcp.example",
      "https://mcp.example:8443",
      "https://inspector.example.evil.example",
      "http://localhost.evil.example",
      "file://",
      "null",
      "nonsense",
    ]
  ) {
    it(`L-C-02: refuses pages of ${origin} with 403`, LIMIT, async () => {
      for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
        const headers = [
          `Origin: ${origin}`,
          AUTHORIZATION,
          "Access-Control-Request-Method: POST",
        ];
        const target = `${method} /files/mcp`;
        const answer = await ask(await gateway(), target, headers);
        assert.equal(answer.status, 403, method);
        assert.equal(answer.headers.get("access-control-allow-origin"), null);
        const body = JSON.parse(answer.body);
        assert.equal(body.error, "forbidden_origin");
        await loggedRefusal(await gateway(), body.request_id, 403);
      }
    });
  }

  it(
    "A-14: answers a preflight before authentication, and names what may be sent",
    LIMIT,
    async () => {
      const origin = "http://localhost:6274";
      for (const path of ["/files/mcp", "/files/sse", "/files/messages"]) {
        const answer = await ask(await gateway(), `OPTIONS ${path}`, [
          `Origin: ${origin}`,
          "Access-Control-Request-Method: POST",
          "Access-Control-Request-Headers: authorization, mcp-param-Region, x-other",
        ]);
        assert.equal(answer.status, 204);
        assert.equal(answer.body, "");
        const { headers } = answer;
        assert.equal(headers.get("access-control-allow-origin"), origin);
        const methods = headers.get("access-control-allow-methods") ?? "";
        assert.deepEqual(methods.split(", ").sort(), [
          "DELETE",
          "GET",
          "OPTIONS",
          "POST",
        ]);
        const names = headers.get("access-control-allow-headers")?.split(", ");
        for (const name of MAY_BE_SENT) assert.ok(names?.includes(name), name);
        assert.ok(!names?.includes("x-other"));
        assert.ok(Number(headers.get("access-control-max-age")) > 0);
        assert.match(headers.get("vary") ?? "", /\bOrigin\b/);
      }
    },
  );

  it(
    "a request without an Origin is told nothing about origins",
    LIMIT,
    async () => {
      const answer = await ask(await gateway(), "GET /files/mcp", [
        AUTHORIZATION,
      ]);
      assert.equal(answer.headers.get("access-control-allow-origin"), null);
    },
  );
});

describe("a gateway on a network address", () => {
  const gateway = sharedGateway({ files: SCRIPTED }, { addr: "0.0.0.0:0" });

  it("answers to any Host, but to no foreign page", LIMIT, async () => {
    const host = "Host: whatever.example";
    const plain = [host, AUTHORIZATION];
    const taken = await ask(await gateway(), "GET /files/mcp", plain);
    assert.equal(taken.status, 405);
    for (const origin of ["http://localhost:6274", "http://whatever.example"]) {
      const headers = [...plain, `Origin: ${origin}`];
      const refused = await ask(await gateway(), "GET /files/mcp", headers);
      assert.equal(refused.status, 403, origin);
    }
  });
});

const MAY_BE_SENT = [
  "authorization",
  "content-type",
  "accept",
  "mcp-protocol-version",
  "mcp-session-id",
  "mcp-method",
  "mcp-name",
  "last-event-id",
  "mcp-param-region",
];

function assertShared({ headers }: RawAnswer, origin: string): void {
  assert.equal(headers.get("access-control-allow-origin"), origin);
  assert.match(headers.get("vary") ?? "", /\bOrigin\b/);
  const exposed = headers.get("access-control-expose-headers")?.split(", ");
  for (const name of ["mcp-session-id", "www-authenticate", "x-request-id"]) {
    assert.ok(exposed?.includes(name), name);
  }
  assert.equal(headers.get("access-control-allow-credentials"), null);
}

async function loggedRefusal(
  gateway: InProcessGateway,
  requestId: string,
  status: number,
): Promise<void> {
  const line = await gateway.logged("Request refused", {
    request_id: requestId,
  });
  assert.equal(line.level, "WARN");
  assert.equal(line.status, status);
  assert.equal(line.remote, "127.0.0.1");
}
