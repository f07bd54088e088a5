// Where requests lead: open paths, unknown ones, slashes, methods, and public addresses behind reverse proxies.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { StreamableSession } from "../support/streamable_session.ts";

const token = TOKENS.alice;
const authorization = `Bearer ${token}`;

const DISCOVERY = [
  "/.well-known/oauth-protected-resource",
  "/.well-known/oauth-protected-resource/files/mcp",
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-authorization-server/files/mcp",
  "/.well-known/openid-configuration",
  "/files/mcp/.well-known/openid-configuration",
  "/register",
  "/authorize",
  "/token",
];

describe("the paths of a gateway", () => {
  const gateway = sharedGateway({
    files: { ...SCRIPTED, authTokens: ["alice"] },
    open: SCRIPTED,
    hidden: { ...SCRIPTED, authTokens: ["bob"] },
  });
  const get = async (path: string, init: RequestInit = {}) =>
    await fetch((await gateway()).url + path, init);

  for (const path of DISCOVERY) {
    it(`${path}: 404 with JSON, without a token`, LIMIT, async () => {
      for (const method of ["GET", "POST"]) {
        const response = await get(path, { method });
        assert.equal(response.status, 404);
        const type = response.headers.get("content-type") ?? "";
        assert.match(type, /^application\/json\b/);
        assert.equal(response.headers.get("www-authenticate"), null);
        assert.equal((await response.json()).error, "not_found");
      }
    });
  }

  it("GET /health is open", LIMIT, async () => {
    for (const path of ["/health", "/health/", "/health?x=1"]) {
      const response = await get(path);
      assert.equal(response.status, 200);
      const expected = { status: "ok", service: "mcp-front" };
      assert.deepEqual(await response.json(), expected);
    }
    const head = await get("/health", { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), "");
    const posted = await get("/health", { method: "POST" });
    assert.equal(posted.status, 405);
    assert.equal(posted.headers.get("allow"), "GET, HEAD");
    await posted.body?.cancel();
  });

  it(
    "with a valid token, an unknown server is 404 and the body says which servers the token may use",
    LIMIT,
    async () => {
      for (const path of ["/nothing/mcp", "/nothing/sse", "/", "/files"]) {
        const response = await get(path, { headers: { authorization } });
        const body = await response.json();
        assert.equal(response.status, 404, path);
        assert.equal(body.error, "unknown_server");
        assert.equal(body.request_id, response.headers.get("x-request-id"));
        assert.match(
          body.error_description,
          /The token "alice" may use: files, open;/,
        );
        assert.doesNotMatch(body.error_description, /hidden/);
      }
    },
  );

  it("methods that a path lacks are 405 and named", LIMIT, async () => {
    const cases = [
      ["PUT", "/files/mcp", "GET, POST, DELETE"],
      ["HEAD", "/files/mcp", "GET, POST, DELETE"],
      ["OPTIONS", "/files/mcp", "GET, POST, DELETE"],
      ["GET", "/files/mcp", "POST"],
      ["POST", "/files/sse", "GET"],
      ["HEAD", "/files/sse", "GET"],
      ["GET", "/files/messages", "POST"],
      ["DELETE", "/files/messages", "POST"],
    ] as const;
    for (const [method, path, allow] of cases) {
      const headers = { authorization, accept: "text/event-stream" };
      const response = await get(path, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("allow"), allow);
    }
  });

  it("a slash at the end of a path makes no difference", LIMIT, async () => {
    const { url } = await gateway();
    const session = await StreamableSession.begin({
      url: `${url}/files/mcp/`,
      token,
    });
    assert.equal(await session.end(), 204);
    await using sse = await SseSession.open({
      url: `${url}/files/sse/`,
      token,
    });
    assert.ok("result" in await sse.initialize());
  });

  it(
    "names in paths that no config can have reach no server",
    LIMIT,
    async () => {
      for (const name of ["__proto__", "constructor", "a%2Fb", "files%00"]) {
        const response = await get(`/${name}/mcp`, {
          headers: { authorization },
        });
        await response.body?.cancel();
        assert.equal(response.status, 404, name);
      }
    },
  );
});

describe("a gateway behind a reverse proxy", () => {
  const baseUrl = "https://mcp.example/base/path";
  const gateway = sharedGateway({ files: SCRIPTED }, { baseUrl });

  for (const prefix of ["", "/base/path"]) {
    const kept = prefix === "" ? "strips" : "keeps";
    it(`that ${kept} the base path works`, LIMIT, async () => {
      const { url } = await gateway();
      const health = await fetch(`${url}${prefix}/health`);
      assert.equal((await health.json()).status, "ok");
      const session = await StreamableSession.begin({
        url: `${url}${prefix}/files/mcp`,
        token,
      });
      assert.equal(await session.end(), 204);
      assert.equal(
        await endpointBehind(await gateway(), `${prefix}/files/sse`),
        "/base/path/files/messages",
      );
      const discovery = await fetch(`${url}${prefix}${DISCOVERY[0]}`);
      assert.equal(discovery.status, 404);
      assert.equal((await discovery.json()).error, "not_found");
    });
  }

  it(
    "X-Forwarded-Prefix goes before the base path, when it is a plain path",
    LIMIT,
    async () => {
      const prefixes = [
        ["/public", "/public/files/messages"],
        ["/a/b-c", "/a/b-c/files/messages"],
        ["//evil.example", "/base/path/files/messages"],
        ["https://evil.example", "/base/path/files/messages"],
        ["/a b", "/base/path/files/messages"],
        ["/..", "/base/path/files/messages"],
        ["/", "/base/path/files/messages"],
      ] as const;
      for (const [prefix, expected] of prefixes) {
        const headers = { "x-forwarded-prefix": prefix };
        const endpoint = await endpointBehind(
          await gateway(),
          "/files/sse",
          headers,
        );
        assert.equal(endpoint, expected, prefix);
      }
    },
  );
});

describe("a server named as the base path is", () => {
  const baseUrl = "https://mcp.example/files";
  const gateway = sharedGateway({ files: SCRIPTED }, { baseUrl });

  for (const path of ["/files/mcp", "/files/files/mcp"]) {
    it(`is found at ${path}`, LIMIT, async () => {
      const url = `${(await gateway()).url}${path}`;
      const session = await StreamableSession.begin({ url, token });
      assert.equal(await session.end(), 204);
    });
  }
});

/** The path of the message endpoint that a stream at `path` gives. */
async function endpointBehind(
  gateway: InProcessGateway,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const url = `${gateway.url}${path}`;
  await using session = await SseSession.open({ url, token, headers });
  assert.equal(session.first.event, "endpoint");
  assert.match(session.first.data, /^\//, "relative to the origin");
  return session.first.data.split("?", 1)[0] as string;
}
