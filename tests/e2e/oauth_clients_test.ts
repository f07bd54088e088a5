// The official SDK clients come to the gateway by OAuth of their own, with a real provider behind it.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  proxyOf,
  READING,
  startOAuthGateway,
  STATIC,
} from "../support/oauth_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { connectByOAuth, SPEAKERS } from "../support/oauth_official.ts";
import type { Speaker } from "../support/oauth_official.ts";
import { Wallet } from "../support/oauth_wallet.ts";
import { OidcIssuer } from "../support/oidc_issuer.ts";
import { LIMIT } from "../support/shared_gateway.ts";

/** So that a client of the modern era alone is served. */
const BRIDGED = { ...READING, bridge: "always" };

const SERVERS = {
  database: { ...BRIDGED, authScopes: ["db:use"] },
  files: BRIDGED,
};

const SCOPES = { "mcp:read": { readOnly: true }, "mcp:write": {} };

interface Stage {
  readonly issuer: OidcIssuer;
  readonly gateway: InProcessGateway;
}

let made: Promise<Stage> | undefined;

/** One for all tests of this file: what differs is the wallet. */
function stage(): Promise<Stage> {
  const make = async () => {
    const issuer = await OidcIssuer.start();
    const gateway = await startOAuthGateway(SERVERS, {
      issuer: issuer.issuer,
      staticPath: "/static",
      scopes: SCOPES,
    });
    return { issuer, gateway };
  };
  return made ??= make();
}

after(async () => {
  const { gateway, issuer } = await made ?? {};
  await gateway?.[Symbol.asyncDispose]();
  await issuer?.[Symbol.asyncDispose]();
});

function addressOf(speaker: Speaker, base: string, place: string): string {
  return `${base}${place}${speaker === "v1 over SSE" ? "/sse" : "/mcp"}`;
}

for (const speaker of SPEAKERS) {
  describe(`the official client ${speaker}`, () => {
    it(
      "finds the authorization server, registers, and comes in with the scopes that the server needs",
      LIMIT,
      async () => {
        const { gateway } = await stage();
        const wallet = new Wallet();
        const url = addressOf(speaker, gateway.url, "/database");
        await using client = await connectByOAuth(speaker, url, wallet);
        assert.deepEqual(await client.tools(), ["read", "write"]);
        assert.equal(await client.call("read"), "read");
        const [asked = "", ...more] = wallet.asked;
        // The second generation adds offline_access where the issuer has it.
        assert.match(asked ?? "", /^db:use mcp:read( offline_access)?$/);
        assert.deepEqual(more, []);
        const { client_id } = wallet.clientInformation();
        await gateway.logged("Authenticated request", {
          token_name: `oauth:alice/${client_id}`,
          server: "database",
        });
      },
    );

    it("comes to the root with a token of its own", LIMIT, async () => {
      const { gateway } = await stage();
      const url = addressOf(speaker, gateway.url, "");
      await using client = await connectByOAuth(speaker, url, new Wallet());
      assert.deepEqual(await client.tools(), [
        "database__read",
        "database__write",
        "files__read",
        "files__write",
      ]);
      assert.equal(await client.call("files__read"), "read");
    });

    it(
      "refreshes its token when the issuer has changed its keys, and its session goes on",
      LIMIT,
      async () => {
        const { gateway, issuer } = await startedAlone();
        await using _ = both(gateway, issuer);
        const wallet = new Wallet();
        const url = addressOf(speaker, gateway.url, "/files");
        await using client = await connectByOAuth(speaker, url, wallet);
        assert.equal(await client.call("read"), "read");
        const { session } = client;
        const saved = wallet.saved;
        await issuer.useNewKey();
        // A token by the new key makes the gateway ask for it.
        await using other = await connectByOAuth(speaker, url, new Wallet());
        assert.equal(await other.call("read"), "read");
        assert.match(await client.call("read"), /^read/);
        assert.equal(wallet.saved, saved + 1);
        assert.equal(client.session, session);
        assert.equal(wallet.asked.length, 1);
      },
    );

    // That transport of the first generation knows no challenge but 401.
    const knowsChallenges = speaker !== "v1 over SSE";
    if (knowsChallenges) {
      it(
        "asks for more scopes when a tool needs them, and its session goes on",
        LIMIT,
        async () => {
          const { gateway } = await stage();
          const wallet = new Wallet("asks anew");
          const url = addressOf(speaker, gateway.url, "/files");
          await using client = await connectByOAuth(speaker, url, wallet);
          assert.equal(await client.call("read"), "read");
          const { session } = client;
          await assert.rejects(client.call("write"));
          await client.finish();
          assert.match(await client.call("write"), /write$/);
          assert.equal(client.session, session);
          assert.equal(wallet.asked.length, 2);
          const last = wallet.asked[1]?.split(" ") ?? [];
          assert.ok(last.includes("mcp:read") && last.includes("mcp:write"));
        },
      );
    }

    it(
      "with a configured token at a path for these never begins OAuth",
      LIMIT,
      async () => {
        const { gateway } = await stage();
        const url = addressOf(speaker, gateway.url, "/static/database");
        const authorization = `Bearer ${STATIC}`;
        await using client = await connectByOAuth(speaker, url, untouched(), {
          authorization,
        });
        assert.deepEqual(await client.tools(), ["read", "write"]);
        assert.equal(await client.call("write"), "write");
      },
    );

    it(
      "with a wrong token at such a path is refused, and finds no authorization server",
      LIMIT,
      async () => {
        const { gateway } = await stage();
        const url = addressOf(speaker, gateway.url, "/static/database");
        const wallet = new Wallet();
        const authorization = "Bearer a-token-that-nobody-has";
        await assert.rejects(
          connectByOAuth(speaker, url, wallet, { authorization }),
        );
        assert.deepEqual(wallet.asked, []);
        assert.equal(wallet.clientInformation(), undefined);
      },
    );
  });
}

async function startedAlone(): Promise<Stage> {
  const issuer = await OidcIssuer.start();
  const gateway = await startOAuthGateway(SERVERS, {
    issuer: issuer.issuer,
    scopes: SCOPES,
  });
  return { issuer, gateway };
}

function both(...parts: readonly AsyncDisposable[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      for (const part of parts) await part[Symbol.asyncDispose]();
    },
  };
}

/** Has tokens as little as a client that was given a header, and must not be asked for anything else. */
function untouched(): Wallet {
  const wallet = new Wallet();
  wallet.redirectToAuthorization = () => {
    throw new Error("It began OAuth");
  };
  wallet.saveClientInformation = () => {
    throw new Error("It registered");
  };
  return wallet;
}

describe("a gateway that moves to access tokens", () => {
  it(
    "keeps who has a static token, and lets each client come by OAuth when it is ready",
    LIMIT,
    async () => {
      await using issuer = await OidcIssuer.start();
      await using gateway = await startOAuthGateway(SERVERS, {
        issuer: issuer.issuer,
        staticPath: "/static",
        scopes: SCOPES,
      });
      const authorization = `Bearer ${STATIC}`;
      const old = `${gateway.url}/static/files/mcp`;
      const now = `${gateway.url}/files/mcp`;
      await using first = await connectByOAuth("v1", old, untouched(), {
        authorization,
      });
      await using second = await connectByOAuth("v2", now, new Wallet());
      assert.equal(await first.call("read"), "read");
      assert.equal(await second.call("read"), "read");
      const auth = { issuer: issuer.issuer, scopes: SCOPES, tokens: undefined };
      gateway.reload(SERVERS, proxyOf(gateway, auth));
      await assert.rejects(first.call("read"));
      assert.equal(await second.call("read"), "read read");
    },
  );
});
