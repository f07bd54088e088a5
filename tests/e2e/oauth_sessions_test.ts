// How long a session goes on that was begun with an access token: until nobody has a valid one for it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  get,
  post,
  proxyOf,
  READING,
  startOAuthGateway,
  STATIC,
} from "../support/oauth_gateway.ts";
import type { Auth } from "../support/oauth_gateway.ts";
import { PlayedIssuer } from "../support/played_issuer.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { request, StreamableSession } from "../support/streamable_session.ts";

const SERVERS = { files: READING, team: { ...READING, authGroups: ["dba"] } };
const LIST = request("l", "tools/list");

function now(): number {
  return Math.floor(Date.now() / 1_000);
}

async function stage(auth: Omit<Auth, "issuer"> = {}) {
  const issuer = await PlayedIssuer.start();
  const all = { issuer: issuer.issuer, ...auth };
  const gateway = await startOAuthGateway(SERVERS, all);
  return {
    issuer,
    gateway,
    url: `${gateway.url}/files/mcp`,
    sse: `${gateway.url}/files/sse`,
    /** Takes the same configuration, with changes. */
    reload: (more: Record<string, unknown>, servers: object = SERVERS) =>
      gateway.reload(
        servers as typeof SERVERS,
        proxyOf(gateway, { ...all, ...more }),
      ),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}

/** Its time is over in some seconds, with the skew of clocks. */
function ending(seconds: number) {
  return { claims: { exp: now() - 30 + seconds } };
}

/** Resolves when the stream has ended. */
async function end(session: SseSession): Promise<void> {
  while (await session.events.next() !== undefined);
}

describe("a session with an access token", () => {
  it("ends with the token, also where nothing is said", LIMIT, async () => {
    await using here = await stage();
    const { gateway, issuer, sse, url } = here;
    const token = await issuer.token(sse, ending(2));
    await using session = await SseSession.open({ url: sse, token });
    await session.initialize();
    await end(session);
    await gateway.logged("Session closed", {
      token_name: "oauth:alice/cli",
      fault: "expired_token",
    });
    const { status, json, challenge } = await post(url, token);
    assert.equal(status, 401);
    assert.equal(json.error, "invalid_token");
    assert.match(json.error_description, /expired/);
    assert.match(challenge, /resource_metadata=/);
  });

  it(
    "goes on with a newer one, beyond the end of the first",
    LIMIT,
    async () => {
      await using here = await stage();
      const { gateway, issuer, url } = here;
      const old = await issuer.token(url, ending(2));
      const kept = await StreamableSession.begin({ url, token: old });
      const newer = await issuer.token(url, { claims: { scope: "more" } });
      const headers = { "mcp-session-id": kept.id };
      assert.equal((await post(url, newer, LIST, headers)).status, 200);
      // Another session, with the old token alone, tells when that is over.
      const lost = await StreamableSession.begin({ url, token: old });
      await gateway.logged("Session closed", { fault: "expired_token" });
      assert.equal((await post(url, newer, LIST, headers)).status, 200);
      const gone = { "mcp-session-id": lost.id };
      assert.equal((await post(url, newer, LIST, gone)).status, 404);
      assert.equal((await post(url, old, LIST, headers)).status, 401);
    },
  );

  it("does not count an expired token as a wrong one", LIMIT, async () => {
    await using here = await stage();
    const { issuer, url } = here;
    const old = await issuer.token(url, { claims: { exp: now() - 60 } });
    for (let times = 0; times < 70; times++) {
      assert.equal((await post(url, old)).status, 401);
    }
    for (let times = 0; times < 60; times++) await post(url, "wrong");
    assert.equal((await post(url, "wrong")).status, 429);
    assert.equal((await post(url, await issuer.token(url))).status, 200);
  });
});

describe("a reload of a gateway that takes access tokens", () => {
  it(
    "ends the sessions of those who lose access, and no others",
    LIMIT,
    async () => {
      await using here = await stage();
      const { gateway, issuer, url } = here;
      const team = `${gateway.url}/team/mcp`;
      const dba = await issuer.token("", {
        claims: { aud: [url, team], groups: ["dba"] },
      });
      const lost = await StreamableSession.begin({ url: team, token: dba });
      const kept = await StreamableSession.begin({ url, token: dba });
      here.reload({}, {
        files: READING,
        team: { ...READING, authGroups: ["sre"] },
      });
      await gateway.logged("Session closed", {
        server: "team",
        fault: "access_denied",
      });
      assert.ok((await kept.call(1, "tools/list")).result);
      assert.equal((await post(team, dba)).status, 403);
      assert.equal((await lost.post(LIST)).status, 403);
    },
  );

  it("reads the groups of who is there from another claim", LIMIT, async () => {
    await using here = await stage();
    const { gateway, issuer } = here;
    const team = `${gateway.url}/team/mcp`;
    const token = await issuer.token(team, {
      claims: { groups: ["dba"], realm_access: { roles: ["dba"] } },
    });
    const session = await StreamableSession.begin({ url: team, token });
    here.reload({ groupsClaim: "realm_access.roles" });
    assert.ok((await session.call(1, "tools/list")).result);
    here.reload({ groupsClaim: "nowhere" });
    await gateway.logged("Session closed", { fault: "access_denied" });
    assert.equal((await post(team, token)).status, 403);
  });

  it(
    "tells a session which lists have changed when its scopes allow other tools",
    LIMIT,
    async () => {
      await using here = await stage({ scopes: { use: {} } });
      const { issuer, sse } = here;
      const token = await issuer.token(sse, { claims: { scope: "use" } });
      await using session = await SseSession.open({ url: sse, token });
      await session.initialize();
      here.reload({ scopes: { use: { tools: { deny: ["write"] } } } });
      const { method } = await session.events.message();
      assert.equal(method, "notifications/tools/list_changed");
      const { result } = await session.call("l", "tools/list");
      const { tools } = result as { tools: { name: string }[] };
      assert.deepEqual(tools.map(({ name }) => name), ["read"]);
    },
  );

  it(
    "to another issuer, or to none, ends them all, and static tokens go on",
    LIMIT,
    async () => {
      for (const how of ["other", "none"]) {
        await using here = await stage();
        const { gateway, issuer, url } = here;
        const token = await issuer.token(url);
        await StreamableSession.begin({ url, token });
        const own = await StreamableSession.begin({ url, token: STATIC });
        await using other = await PlayedIssuer.start();
        if (how === "other") here.reload({ issuer: other.issuer });
        else gateway.reload({ files: READING });
        await gateway.logged("Session closed", {
          token_name: "oauth:alice/cli",
          fault: "invalid_token",
        });
        assert.equal((await post(url, token)).status, 401);
        assert.ok((await own.call(1, "tools/list")).result);
      }
    },
  );

  it(
    "to static tokens alone leaves nothing of OAuth to be seen",
    LIMIT,
    async () => {
      await using here = await stage();
      const { gateway, url } = here;
      gateway.reload({ files: READING });
      const { challenge } = await post(url, undefined);
      assert.equal(challenge, 'Bearer realm="mcp-front"');
      const path = "/.well-known/oauth-protected-resource";
      for (const address of [path, `${path}/files/mcp`]) {
        assert.equal((await get(`${gateway.url}${address}`)).status, 404);
      }
    },
  );
});

describe("verified e-mail addresses", () => {
  it(
    "of a domain that is allowed open the servers, and no others do",
    LIMIT,
    async () => {
      await using here = await stage({ allowedDomains: ["example.com"] });
      const { issuer, url } = here;
      const rows = [
        [200, { email: "a@example.com", email_verified: true }],
        [200, { email: "a@EXAMPLE.com", email_verified: "true" }],
        [403, { email: "a@example.com", email_verified: false }],
        [403, { email: "a@example.com" }],
        [403, { email: "a@sub.example.com", email_verified: true }],
        [403, { email: "a@example.com.evil.example", email_verified: true }],
        [403, { email: "a@evil.example@example.com", email_verified: true }],
        [403, { email: ["a@example.com"], email_verified: true }],
        [403, { email_verified: true }],
        [403, {}],
      ] as const;
      for (const [status, claims] of rows) {
        const token = await issuer.token(url, { claims });
        const answer = await post(url, token);
        assert.equal(answer.status, status, JSON.stringify(claims));
        if (status === 403) assert.equal(answer.json.error, "access_denied");
      }
    },
  );
});
