// Authorization servers that fail, or that lead elsewhere: nothing is fetched that should not be, and no client loses its token.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MAX_WRONG_TOKENS } from "../../lib/auth/wrong_tokens.ts";
import { answerJson, serveHttp } from "../support/http_server.ts";
import type { Handler } from "../support/http_server.ts";
import {
  post,
  READING,
  startOAuthGateway,
  STATIC,
} from "../support/oauth_gateway.ts";
import { PlayedIssuer } from "../support/played_issuer.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const METADATA = "/.well-known/oauth-authorization-server";
const OPENID = "/.well-known/openid-configuration";

/** What the issuer does instead, and what the log says of it. `trap` must never be visited. */
interface Row {
  readonly what: string;
  readonly path: string;
  readonly instead: (issuer: PlayedIssuer, trap: URL) => Handler;
  readonly says: RegExp;
}

const json = (value: unknown): Handler => (_, response) =>
  answerJson(response, 200, value);

/** Metadata whose keys are elsewhere. */
function keysAt(where: (trap: URL) => string): Pick<Row, "path" | "instead"> {
  return {
    path: METADATA,
    instead: (issuer, trap) =>
      json({ ...issuer.metadata, jwks_uri: where(trap) }),
  };
}

const redirect = (to: string): Handler => (_, response) => {
  response.writeHead(302, { location: to });
  response.end();
};

const PRIVATE = /not on the public internet|not one of https/;

const ROWS: readonly Row[] = [
  {
    what: "metadata that redirect",
    path: METADATA,
    instead: (_, trap) => redirect(trap.href),
    says: /redirects/,
  },
  {
    what: "keys that redirect",
    path: "/jwks",
    instead: (_, trap) => redirect(trap.href),
    says: /redirects/,
  },
  {
    what: "metadata of another issuer",
    path: METADATA,
    instead: (issuer, trap) =>
      json({ ...issuer.metadata, issuer: trap.origin }),
    says: /names another issuer/,
  },
  {
    what: "metadata of the issuer with a slash",
    path: METADATA,
    instead: (issuer) =>
      json({ ...issuer.metadata, issuer: `${issuer.issuer}/` }),
    says: /names another issuer/,
  },
  ...([
    ["another port of this machine", (trap) => trap.href],
    ["another port by name", ({ port }) => `http://localhost:${port}/jwks`],
    ["this machine by name", ({ port }) => `https://localhost:${port}/jwks`],
    ["a metadata service", () => "http://169.254.169.254/latest/meta-data"],
    ["a private address", () => "https://10.0.0.1/jwks"],
    ["IPv6 loopback", ({ port }) => `https://[::1]:${port}/jwks`],
    ["IPv4 in IPv6", ({ port }) => `https://[::ffff:127.0.0.2]:${port}/jwks`],
    ["an address in decimal", () => "https://2130706434/jwks"],
    ["an address in octal", () => "https://0177.0.0.2/jwks"],
    ["a unique local address", () => "https://[fd00::1]/jwks"],
    ["a file", () => "file:///etc/passwd"],
    ["data", () => 'data:application/json,{"keys":[]}'],
  ] as const satisfies readonly (readonly [string, (trap: URL) => string])[])
    .map(([what, where]) => ({
      what: `keys at ${what}`,
      ...keysAt(where),
      says: PRIVATE,
    })),
  {
    what: "keys behind credentials",
    ...keysAt(({ host }) => `http://user:password@${host}/jwks`),
    says: /credentials/,
  },
  { what: "keys nowhere", ...keysAt(() => "nowhere"), says: /no jwks_uri/ },
  {
    what: "endless metadata",
    path: METADATA,
    instead: () => (_, response) => endless(response),
    says: /more than 262144 bytes/,
  },
  {
    what: "endless keys",
    path: "/jwks",
    instead: () => (_, response) => endless(response),
    says: /more than 262144 bytes/,
  },
  {
    what: "keys that never come",
    path: "/jwks",
    instead: () => () => {},
    says: /within 5000 ms/,
  },
  {
    what: "keys that come byte by byte",
    path: "/jwks",
    instead: () => (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const drip = setInterval(() => response.write(" "), 100);
      response.on("close", () => clearInterval(drip));
    },
    says: /within 5000 ms/,
  },
  {
    what: "keys in a compressed answer",
    path: "/jwks",
    instead: () => (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end("");
    },
    says: /compressed/,
  },
  {
    what: "a page instead of keys",
    path: "/jwks",
    instead: () => (_, response) => void response.end("<html>"),
    says: /no set of keys/,
  },
  {
    what: "keys that are no list",
    path: "/jwks",
    instead: () => json({ keys: { length: 1 } }),
    says: /no set of keys/,
  },
  {
    what: "too many keys",
    path: "/jwks",
    instead: () => json({ keys: Array(101).fill({ kty: "EC" }) }),
    says: /more than 100 keys/,
  },
  {
    what: "keys that fail",
    path: "/jwks",
    instead: () => (_, response) => answerJson(response, 500, {}),
    says: /answers 500/,
  },
  {
    what: "a connection that breaks",
    path: "/jwks",
    instead: () => (request) => void request.socket.destroy(),
    says: /cannot be reached/,
  },
];

function endless(response: Parameters<Handler>[1]): void {
  response.writeHead(200, { "content-type": "application/json" });
  const more = () => {
    if (response.destroyed) return;
    response.write(" ".repeat(64 * 1024));
    setTimeout(more, 1);
  };
  more();
}

describe("an authorization server with", () => {
  for (const { what, path, instead, says } of ROWS) {
    it(`${what}: 503, and static tokens go on`, LIMIT, async () => {
      let visits = 0;
      await using trap = await serveHttp((_, response) => {
        visits++;
        answerJson(response, 200, { keys: [] });
      });
      await using issuer = await PlayedIssuer.start();
      issuer.instead.set(path, instead(issuer, trap.url("/jwks")));
      await using gateway = await startOAuthGateway({ open: READING }, {
        issuer: issuer.issuer,
      });
      const url = `${gateway.url}/open/mcp`;
      const token = await issuer.token(url);
      const { status, json, retryAfter, challenge } = await post(url, token);
      assert.equal(status, 503, JSON.stringify(json));
      assert.equal(json.error, "issuer_unavailable");
      assert.equal(retryAfter, "5");
      assert.equal(challenge, "");
      const { reason, host } = await gateway.logged(
        "Authorization server fails",
      );
      assert.match(String(reason), says);
      assert.equal(host, new URL(issuer.issuer).host);
      assert.equal((await post(url, STATIC)).status, 200);
      assert.equal(visits, 0);
    });
  }

  it(
    "metadata where OpenID Connect has them: its tokens are taken",
    LIMIT,
    async () => {
      for (const path of ["/realm", ""]) {
        await using issuer = await PlayedIssuer.start();
        const name = `${issuer.issuer}${path}`;
        issuer.instead.set(
          `${path}${OPENID}`,
          json({ ...issuer.metadata, issuer: name }),
        );
        issuer.instead.set(METADATA, (_, response) => {
          answerJson(response, 404, {});
        });
        await using gateway = await startOAuthGateway({ open: READING }, {
          issuer: name,
        });
        const url = `${gateway.url}/open/mcp`;
        const token = await issuer.token(url, { claims: { iss: name } });
        assert.equal((await post(url, token)).status, 200);
      }
    },
  );
});

describe("an authorization server that is down", () => {
  it(
    "is told once, with its host alone, and tokens are good again when it is back",
    LIMIT,
    async () => {
      await using issuer = await PlayedIssuer.start();
      issuer.instead.set("/jwks", (request) => void request.socket.destroy());
      await using gateway = await startOAuthGateway({ open: READING }, {
        issuer: issuer.issuer,
      });
      const url = `${gateway.url}/open/mcp`;
      const token = await issuer.token(url);
      for (let times = 0; times < 3; times++) {
        assert.equal((await post(url, token)).status, 503);
      }
      // It is not asked again at once.
      assert.ok(issuer.times("/jwks") < 3);
      await gateway.logged("Authorization server fails");
      await gateway.logText();
      const failed = gateway.log.filter(({ msg }) =>
        msg === "Authorization server fails"
      );
      assert.equal(failed.length, 1);
      issuer.instead.clear();
      let status = 503;
      while (status === 503) ({ status } = await post(url, token));
      assert.equal(status, 200);
      await gateway.logged("Authorization server answers again", {
        host: new URL(issuer.issuer).host,
      });
    },
  );

  it("is not missed as long as its keys are known", LIMIT, async () => {
    await using issuer = await PlayedIssuer.start();
    await using gateway = await startOAuthGateway({ open: READING }, {
      issuer: issuer.issuer,
    });
    const url = `${gateway.url}/open/mcp`;
    assert.equal((await post(url, await issuer.token(url))).status, 200);
    issuer.instead.set("/jwks", (request) => void request.socket.destroy());
    assert.equal((await post(url, await issuer.token(url))).status, 200);
    // Whether there is such a key by now cannot be known: the token may be good.
    const header = { kid: "new" };
    const { status } = await post(url, await issuer.token(url, { header }));
    assert.equal(status, 503);
  });
});

describe("introspection", () => {
  const introspection = {
    clientId: "gate way",
    clientSecret: "a:secret&more-than-16",
  };

  async function stage(claims?: Record<string, unknown>) {
    const issuer = await PlayedIssuer.start();
    const gateway = await startOAuthGateway({ open: READING }, {
      issuer: issuer.issuer,
      introspection,
    });
    const url = `${gateway.url}/open/mcp`;
    const all = { sub: "bob", client_id: "cli", aud: url, ...claims };
    if (claims) issuer.opaque.set("an-opaque-token", all);
    return {
      issuer,
      gateway,
      url,
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        await issuer[Symbol.asyncDispose]();
      },
    };
  }

  it(
    "lets an active token in, by the credentials of the gateway, and is remembered",
    LIMIT,
    async () => {
      await using here = await stage({});
      for (let times = 0; times < 3; times++) {
        assert.equal((await post(here.url, "an-opaque-token")).status, 200);
      }
      await here.gateway.logged("Authenticated request", {
        token_name: "oauth:bob/cli",
      });
      assert.equal(here.issuer.times("/introspect"), 1);
      const basic = btoa("gate+way:a%3Asecret%26more-than-16");
      assert.deepEqual(here.issuer.authorizations, [`Basic ${basic}`]);
      const log = await here.gateway.logText();
      assert.doesNotMatch(log, /an-opaque-token|a:secret|Basic/);
    },
  );

  const past = Math.floor(Date.now() / 1_000) - 60;
  for (
    const [what, claims, says] of [
      ["is not active", undefined, /not active/],

      ["is of another issuer", { iss: "https://evil.example" }, /issuer/],
      ["is for another resource", { aud: "https://other.example" }, /resource/],
      ["is for nobody", { aud: undefined }, /resource/],
      ["has no subject", { sub: undefined }, /subject/],
      ["is over", { exp: past }, /expired/],
      ["has not begun", { nbf: past + 600 }, /not valid yet/],
    ] as const
  ) {
    it(`keeps a token out that ${what}`, LIMIT, async () => {
      await using here = await stage(claims);
      const { status, json } = await post(here.url, "an-opaque-token");
      assert.equal(status, 401);
      assert.match(json.error_description, says);
    });
  }

  it(
    "is not asked about each further guess of who guesses on and on, which keeps nobody out that it knows",
    LIMIT,
    async () => {
      await using here = await stage({});
      const { issuer, url } = here;
      assert.equal((await post(url, "an-opaque-token")).status, 200);
      for (let nth = 0; nth < MAX_WRONG_TOKENS; nth++) {
        assert.equal((await post(url, `guess-${nth}`)).status, 401);
      }
      const asked = issuer.times("/introspect");
      assert.equal(asked, MAX_WRONG_TOKENS + 1);
      assert.equal((await post(url, "one-more-guess")).status, 429);
      assert.equal(issuer.times("/introspect"), asked);
      assert.equal((await post(url, "an-opaque-token")).status, 200);
      assert.equal((await post(url, STATIC)).status, 200);
    },
  );

  it("that fails: 503", LIMIT, async () => {
    const failures: readonly Handler[] = [
      (_, response) => answerJson(response, 500, {}),
      (_, response) => answerJson(response, 401, { error: "invalid_client" }),
      redirect("http://127.0.0.1:9/"),
      json([]),
      json({}),
      json({ active: "true", sub: "bob" }),
      (request) => void request.socket.destroy(),
    ];
    for (const failure of failures) {
      await using here = await stage({});
      here.issuer.instead.set("/introspect", failure);
      const { status } = await post(here.url, "an-opaque-token");
      assert.equal(status, 503);
    }
  });
});
