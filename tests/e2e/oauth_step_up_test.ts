// A tool for which more scopes are needed: it is listed, and whoever calls it is told which, before the call is sent on.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { modernHeaders, modernRequest } from "../support/exchange_client.ts";
import { modernOverHttp, modernOverStdio } from "../support/modern_server.ts";
import { post, READING, startOAuthGateway } from "../support/oauth_gateway.ts";
import type { Outcome } from "../support/oauth_gateway.ts";
import { oauthStage } from "../support/oauth_stage.ts";
import { PlayedIssuer } from "../support/played_issuer.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { request, StreamableSession } from "../support/streamable_session.ts";

/** The same rights, by what the tool says of itself, and by its name: which is known before the server is asked. */
const RULES = {
  "by what tools say": { "mcp:read": { readOnly: true }, "mcp:write": {} },
  "by name": { "mcp:read": { tools: { allow: ["read"] } }, "mcp:write": {} },
};

const CALL_WRITE = request("w", "tools/call", { name: "write" });
const CALL_READ = request("r", "tools/call", { name: "read" });

function scoped(scope: string, secondsAgo = 0) {
  const iat = Math.floor(Date.now() / 1_000) - secondsAgo;
  return { claims: { scope, iat } };
}

/** What was called, as the server tells it. */
// deno-lint-ignore no-explicit-any
function told({ json }: { json: any }): string {
  return json.result.content[0].text;
}

function assertAsksFor(
  { status, challenge, json }: Outcome,
  scopes: string,
  metadata: string,
): void {
  assert.equal(status, 403, JSON.stringify(json));
  assert.match(
    challenge,
    /^Bearer realm="mcp-front", error="insufficient_scope"/,
  );
  assert.ok(challenge.includes(`scope="${scopes}"`), challenge);
  assert.ok(challenge.includes(`resource_metadata="${metadata}"`), challenge);
  assert.equal(json.error.data.fault, "insufficient_scope");
  assert.equal(json.error.data.scope, scopes);
}

for (const [how, scopes] of Object.entries(RULES)) {
  describe(`a tool that another scope opens, ${how}`, () => {
    const its = oauthStage({
      files: { ...READING, authScopes: ["files:use"] },
      other: READING,
    }, { scopes });
    const narrow = scoped("files:use mcp:read", 60);
    const wide = scoped("files:use mcp:read mcp:write");

    it(
      "in a session: it is listed, its call is refused with 403, and goes through with a wider token",
      LIMIT,
      async () => {
        const { gateway: { url }, token } = await its();
        const address = `${url}/files/mcp`;
        const old = await token("/files/mcp", narrow);
        const session = await StreamableSession.begin({
          url: address,
          token: old,
        });
        const headers = { "mcp-session-id": session.id };
        const list = await session.call("l", "tools/list");
        const { tools } = list.result as { tools: { name: string }[] };
        assert.deepEqual(tools.map(({ name }) => name), ["read", "write"]);
        assertAsksFor(
          await post(address, old, CALL_WRITE, headers),
          "files:use mcp:write mcp:read",
          `${url}/.well-known/oauth-protected-resource/files/mcp`,
        );
        assert.equal(
          told(await post(address, old, CALL_READ, headers)),
          "read",
        );
        const better = await token("/files/mcp", wide);
        const written = await post(address, better, CALL_WRITE, headers);
        assert.equal(told(written), "read write");
      },
    );

    it("also where the tools were never listed", LIMIT, async () => {
      const { gateway: { url }, token } = await its();
      const address = `${url}/files/mcp`;
      const old = await token("/files/mcp", narrow);
      const session = await StreamableSession.begin({
        url: address,
        token: old,
      });
      const headers = { "mcp-session-id": session.id };
      const { status } = await post(address, old, CALL_WRITE, headers);
      assert.equal(status, 403);
      assert.equal(told(await post(address, old, CALL_READ, headers)), "read");
    });

    it(
      "a session with a wider token takes no older one that is narrower",
      LIMIT,
      async () => {
        const { gateway: { url }, token } = await its();
        const address = `${url}/files/mcp`;
        const better = await token("/files/mcp", wide);
        const { id } = await StreamableSession.begin({
          url: address,
          token: better,
        });
        const headers = { "mcp-session-id": id };
        const old = await token("/files/mcp", narrow);
        const { status, json } = await post(address, old, CALL_WRITE, headers);
        assert.equal(status, 401);
        assert.match(JSON.stringify(json), /newer access token/);
        // It stays what it is for whoever opens a session of his own.
        const own = await StreamableSession.begin({ url: address, token: old });
        const refused = await post(address, old, CALL_WRITE, {
          "mcp-session-id": own.id,
        });
        assert.equal(refused.status, 403);
        const written = await post(address, better, CALL_WRITE, headers);
        assert.equal(told(written), "write");
      },
    );

    it("in an exchange of the modern era", LIMIT, async () => {
      const { gateway: { url }, token } = await its();
      const address = `${url}/files/mcp`;
      const write = modernRequest("tools/call", { name: "write" });
      const headers = modernHeaders(write);
      const old = await token("/files/mcp", narrow);
      assertAsksFor(
        await post(address, old, write, headers),
        "files:use mcp:write mcp:read",
        `${url}/.well-known/oauth-protected-resource/files/mcp`,
      );
      const better = await token("/files/mcp", wide);
      const { status, json } = await post(address, better, write, headers);
      assert.equal(status, 200, JSON.stringify(json));
      // Who may do less shares no session with the server with who may do more.
      const again = await post(address, old, write, headers);
      assert.equal(again.status, 403);
    });

    it(
      "at the root, where only the scopes of the tool's own server are asked for",
      LIMIT,
      async () => {
        const { gateway: { url }, token } = await its();
        const address = `${url}/mcp`;
        const old = await token("/mcp", scoped("mcp:read"));
        const session = await StreamableSession.begin({
          url: address,
          token: old,
        });
        const list = await session.call("l", "tools/list");
        const { tools } = list.result as { tools: { name: string }[] };
        assert.deepEqual(tools.map(({ name }) => name), [
          "other__read",
          "other__write",
        ]);
        const call = request(1, "tools/call", { name: "other__write" });
        assertAsksFor(
          await post(address, old, call, { "mcp-session-id": session.id }),
          "mcp:write mcp:read",
          `${url}/.well-known/oauth-protected-resource/mcp`,
        );
      },
    );

    it(
      "without any of the scopes: 403 that names the first one",
      LIMIT,
      async () => {
        const { gateway: { url }, token } = await its();
        const none = await token("/files/mcp", scoped("files:use"));
        const { status, challenge } = await post(`${url}/files/mcp`, none);
        assert.equal(status, 403);
        assert.match(challenge, /scope="files:use mcp:read"/);
      },
    );
  });
}

describe("over HTTP+SSE, a tool that another scope opens", () => {
  const its = oauthStage({ files: READING }, { scopes: RULES["by name"] });
  const said = oauthStage({ files: READING }, {
    scopes: RULES["by what tools say"],
  });

  it("is refused with 403 where its name tells", LIMIT, async () => {
    const { gateway: { url }, token } = await its();
    const address = `${url}/files/sse`;
    const old = await token("/files/sse", scoped("mcp:read", 60));
    await using session = await SseSession.open({ url: address, token: old });
    await session.initialize();
    assertAsksFor(
      await post(session.endpoint.href, old, CALL_WRITE),
      "mcp:write mcp:read",
      `${url}/.well-known/oauth-protected-resource/files/sse`,
    );
    const better = await token("/files/sse", scoped("mcp:read mcp:write"));
    const { status } = await post(session.endpoint.href, better, CALL_WRITE);
    assert.equal(status, 202);
    const notice = await session.events.message();
    assert.equal(notice.method, "notifications/tools/list_changed");
    assert.equal(told({ json: await session.events.message() }), "write");
  });

  it(
    "is refused on the stream where only the server can tell",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await said();
      const old = await token("/files/sse", scoped("mcp:read"));
      const address = `${url}/files/sse`;
      await using session = await SseSession.open({ url: address, token: old });
      await session.initialize();
      const { error } = await session.call("w", "tools/call", {
        name: "write",
      });
      const { fault, scope } = error?.data as Record<string, unknown>;
      assert.deepEqual([fault, scope], [
        "insufficient_scope",
        "mcp:write mcp:read",
      ]);
    },
  );
});

describe("a server of the modern era with a tool that another scope opens", () => {
  const servers = { http: modernOverHttp(), stdio: modernOverStdio() };
  after(async () => {
    for (const server of Object.values(servers)) {
      await (await server)[Symbol.asyncDispose]();
    }
  });
  const scopes = { "some": { tools: { deny: ["echo"] } }, "all": {} };
  const call = request("e", "tools/call", {
    name: "echo",
    arguments: { text: "hi" },
  });

  for (const [transport, server] of Object.entries(servers)) {
    it(
      `over ${transport} refuses with 403 in both eras, and takes a wider token`,
      LIMIT,
      async () => {
        await using issuer = await PlayedIssuer.start();
        const { entry } = await server;
        await using gateway = await startOAuthGateway({ files: entry }, {
          issuer: issuer.issuer,
          scopes,
        });
        const url = `${gateway.url}/files/mcp`;
        const old = await issuer.token(url, scoped("some", 60));
        const better = await issuer.token(url, scoped("all"));
        const modern = modernRequest("tools/call", {
          name: "echo",
          arguments: { text: "hi" },
        });
        const session = await StreamableSession.begin({ url, token: old });
        const metadata =
          `${gateway.url}/.well-known/oauth-protected-resource/files/mcp`;
        for (
          const [message, headers] of [
            [call, { "mcp-session-id": session.id }],
            [modern, modernHeaders(modern)],
          ] as const
        ) {
          const refused = await post(url, old, message, headers);
          assertAsksFor(refused, "all some", metadata);
          assert.equal(told(await post(url, better, message, headers)), "hi");
        }
      },
    );
  }
});

describe("a batch in which a tool needs another scope", () => {
  const its = oauthStage({ files: READING }, { scopes: RULES["by name"] });

  it("is answered message by message", LIMIT, async () => {
    const { gateway: { url }, token } = await its();
    const address = `${url}/files/mcp`;
    const narrow = await token("/files/mcp", scoped("mcp:read"));
    const session = await StreamableSession.begin({
      url: address,
      token: narrow,
      revision: "2025-03-26",
    });
    const response = await session.post([CALL_READ, CALL_WRITE]);
    assert.equal(response.status, 200);
    const text = await response.text();
    assert.match(text, /"insufficient_scope"/);
    assert.match(text, /"text":"read"/);
  });
});
