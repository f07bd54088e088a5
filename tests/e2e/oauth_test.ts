// Access tokens beside static tokens: who comes in, to which server, and what clients are told.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { get, post, READING, STATIC } from "../support/oauth_gateway.ts";
import { oauthStage } from "../support/oauth_stage.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { request } from "../support/streamable_session.ts";

const SERVERS = {
  open: READING,
  database: { ...READING, authScopes: ["db:use"] },
  team: { ...READING, authGroups: ["dba", "sre"] },
  listed: { ...READING, authTokens: ["alice"] },
};

describe("an access token", () => {
  const its = oauthStage(SERVERS);

  it(
    "opens the server it is for, and the log knows its subject and client",
    LIMIT,
    async () => {
      const { gateway, token } = await its();
      const { url } = gateway;
      const { status, session } = await post(
        `${url}/open/mcp`,
        await token("/open/mcp"),
      );
      assert.equal(status, 200);
      assert.ok(session);
      await gateway.logged("Authenticated request", {
        token_name: "oauth:alice/cli",
        server: "open",
      });
    },
  );

  it("is never in the log", LIMIT, async () => {
    const { gateway, token } = await its();
    const good = await token("/open/mcp");
    const bad = await token("/nowhere/mcp");
    await post(`${gateway.url}/open/mcp`, good);
    await post(`${gateway.url}/open/mcp`, bad);
    const log = await gateway.logText();
    for (const secret of [good, bad].flatMap((one) => one.split("."))) {
      // The header is no secret, and the same for all.
      if (secret.length > 60) assert.ok(!log.includes(secret.slice(0, 60)));
    }
  });

  it("for the gateway opens every server, and the root", LIMIT, async () => {
    const { gateway: { url }, token } = await its();
    for (const path of ["/open/mcp", "/mcp"]) {
      assert.equal((await post(`${url}${path}`, await token(""))).status, 200);
    }
  });

  it(
    "for one address of a server opens the other, with or without a slash",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      for (const path of ["/open/sse", "/open/mcp/", "/open/sse/"]) {
        const { status } = await post(`${url}/open/mcp`, await token(path));
        assert.equal(status, 200, path);
      }
    },
  );

  it(
    "for one server is refused at another, and at the root",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      for (const path of ["/team/mcp", "/mcp"]) {
        const { status, challenge, json } = await post(
          `${url}${path}`,
          await token("/open/mcp", { claims: { groups: ["dba"] } }),
        );
        assert.equal(status, 401);
        assert.equal(json.error, "invalid_token");
        assert.match(challenge, /error="invalid_token"/);
      }
    },
  );

  it(
    "without a scope that the server needs: 403, with all scopes that it should have",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      const { status, challenge, json } = await post(
        `${url}/database/mcp`,
        await token("/database/mcp", { claims: { scope: "profile" } }),
      );
      assert.equal(status, 403);
      assert.equal(json.error, "insufficient_scope");
      assert.match(challenge, /error="insufficient_scope"/);
      assert.match(challenge, /scope="db:use profile"/);
      assert.ok(challenge.includes(
        `resource_metadata="${url}/.well-known/oauth-protected-resource/database/mcp"`,
      ));
    },
  );

  it("takes scopes from scope and from scp", LIMIT, async () => {
    const { gateway: { url }, token } = await its();
    for (
      const claims of [
        { scope: "profile db:use" },
        { scp: ["db:use"] },
        { scp: "db:use profile" },
      ]
    ) {
      const good = await token("/database/mcp", { claims });
      assert.equal((await post(`${url}/database/mcp`, good)).status, 200);
    }
  });

  it(
    "of none of the groups: 403 without a challenge, as no scope helps",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      const refused = await post(
        `${url}/team/mcp`,
        await token("/team/mcp", { claims: { groups: ["dev"] } }),
      );
      assert.equal(refused.status, 403);
      assert.equal(refused.json.error, "access_denied");
      assert.equal(refused.challenge, "");
      const good = await token("/team/mcp", {
        claims: { groups: ["dev", "sre"] },
      });
      assert.equal((await post(`${url}/team/mcp`, good)).status, 200);
    },
  );

  it(
    "does not open a server that lists tokens and says nothing of access tokens",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      const { status, json } = await post(
        `${url}/listed/mcp`,
        await token("/listed/mcp"),
      );
      assert.equal(status, 403);
      assert.equal(json.error, "access_denied");
    },
  );

  it("leaves static tokens as they are", LIMIT, async () => {
    const { gateway: { url } } = await its();
    for (const server of ["open", "database", "team", "listed"]) {
      const { status } = await post(`${url}/${server}/mcp`, STATIC);
      assert.equal(status, 200, server);
    }
  });

  it(
    "of another subject or client does not find the session",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      const address = `${url}/open/mcp`;
      const { session = "" } = await post(address, await token("/open/mcp"));
      const tools = request(1, "tools/list");
      const headers = { "mcp-session-id": session };
      for (const claims of [{ sub: "mallory" }, { client_id: "other" }]) {
        const other = await token("/open/mcp", { claims });
        assert.equal((await post(address, other, tools, headers)).status, 404);
      }
      const refreshed = await token("/open/mcp", { claims: { jti: "new" } });
      assert.equal(
        (await post(address, refreshed, tools, headers)).status,
        200,
      );
    },
  );
});

describe("what a gateway with an authorization server says of itself", () => {
  const its = oauthStage(SERVERS);

  it(
    "without a token: 401 that leads to the metadata of the address, and says which scopes to ask for",
    LIMIT,
    async () => {
      const { gateway: { url } } = await its();
      const { status, challenge } = await post(
        `${url}/database/mcp`,
        undefined,
      );
      assert.equal(status, 401);
      assert.equal(
        challenge,
        `Bearer realm="mcp-front", scope="db:use", ` +
          `resource_metadata="${url}/.well-known/oauth-protected-resource/database/mcp"`,
      );
    },
  );

  for (const path of ["/mcp", "/sse", "/open/mcp", "/open/sse", ""]) {
    it(
      `is at the well-known path of ${path || "the gateway"}`,
      LIMIT,
      async () => {
        const { gateway: { url }, issuer } = await its();
        const { status, json } = await get(
          `${url}/.well-known/oauth-protected-resource${path}`,
        );
        assert.equal(status, 200);
        assert.equal(json.resource, `${url}${path}`);
        assert.deepEqual(json.authorization_servers, [issuer.issuer]);
        assert.deepEqual(json.bearer_methods_supported, ["header"]);
      },
    );
  }

  it(
    "is nothing of a server that there is not, and of an authorization server of its own",
    LIMIT,
    async () => {
      const { gateway: { url } } = await its();
      for (
        const path of [
          "/.well-known/oauth-protected-resource/none/mcp",
          "/.well-known/oauth-authorization-server",
          "/.well-known/openid-configuration",
          "/register",
          "/token",
          "/authorize",
        ]
      ) {
        const { status, json } = await get(`${url}${path}`);
        assert.equal(status, 404, path);
        assert.equal(json.error, "not_found");
      }
    },
  );
});

describe("the path for static tokens alone", () => {
  const its = oauthStage(SERVERS, { staticPath: "/static" });

  it(
    "lets static tokens in, and says nothing of OAuth to anybody else",
    LIMIT,
    async () => {
      const { gateway: { url }, token } = await its();
      const address = `${url}/static/open/mcp`;
      assert.equal((await post(address, STATIC)).status, 200);
      assert.equal((await post(`${url}/static/mcp`, STATIC)).status, 200);
      const none = await post(address, undefined);
      assert.deepEqual(
        [none.status, none.challenge],
        [401, 'Bearer realm="mcp-front"'],
      );
      const access = await post(address, await token("/open/mcp"));
      assert.equal(access.status, 401);
      assert.doesNotMatch(access.challenge, /resource_metadata|scope=/);
    },
  );

  it(
    "is where the messages of a stream that was opened there go",
    LIMIT,
    async () => {
      const { gateway: { url } } = await its();
      const address = `${url}/static/open/sse`;
      await using session = await SseSession.open({
        url: address,
        token: STATIC,
      });
      assert.ok(session.endpoint.pathname.startsWith("/static/open/messages"));
      await session.initialize();
      const { result } = await session.call(1, "tools/list");
      assert.ok(result);
      // Only there: the token is not what makes it the same session.
      const elsewhere = session.endpoint.href.replace("/static/", "/");
      assert.equal((await post(elsewhere, STATIC)).status, 404);
    },
  );

  it("leads nowhere but to servers", LIMIT, async () => {
    const { gateway: { url } } = await its();
    for (
      const path of ["/static", "/static/static/open/mcp", "/static/health"]
    ) {
      assert.equal((await get(`${url}${path}`, STATIC)).status, 404, path);
      const { status, challenge } = await get(`${url}${path}`);
      assert.equal(status, 401);
      assert.doesNotMatch(challenge, /resource_metadata/);
    }
  });

  it(
    "has no metadata, and neither has the gateway as a whole, which clients there would take for it",
    LIMIT,
    async () => {
      const { gateway: { url } } = await its();
      const at = "/.well-known/oauth-protected-resource";
      for (
        const path of [
          at,
          `${at}/static/open/mcp`,
          `/static${at}`,
          `${at}/static`,
        ]
      ) {
        assert.equal((await get(`${url}${path}`)).status, 404, path);
      }
      assert.equal((await get(`${url}${at}/open/mcp`)).status, 200);
    },
  );
});
