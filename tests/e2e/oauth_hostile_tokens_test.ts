// Access tokens that somebody has tampered with, or that are for somebody else: each is refused, over real HTTP.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { CompactSign, exportSPKI, importJWK } from "jose";
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from "jose";
import { serveHttp } from "../support/http_server.ts";
import { post, READING, startOAuthGateway } from "../support/oauth_gateway.ts";
import { oauthStage } from "../support/oauth_stage.ts";
import type { OAuthStage } from "../support/oauth_stage.ts";
import { PlayedIssuer, signingKey } from "../support/played_issuer.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const PATH = "/open/mcp";

/** Makes a token that must not be taken. */
type Forge = (stage: OAuthStage) => Promise<string> | string;

/** What is wrong, how it is made, and what the refusal says. */
type Row = readonly [what: string, forge: Forge, says: RegExp];

function seconds(fromNow: number): number {
  return Math.floor(Date.now() / 1_000) + fromNow;
}

/** A good token with other claims; one that is undefined is left out. */
function claims(more: Record<string, unknown>): Forge {
  return ({ token }) => token(PATH, { claims: more as JWTPayload });
}

function header(more: Record<string, unknown>): Forge {
  return ({ token }) =>
    token(PATH, { header: more as Partial<JWTHeaderParameters> });
}

function encoded(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return Buffer.from(text).toString("base64url");
}

function decoded(part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? "", "base64url").toString());
}

/** Changes the parts of a good token. */
function parts(
  change: (parts: [string, string, string]) => readonly string[],
): Forge {
  return async ({ token }) => {
    const good = (await token(PATH)).split(".") as [string, string, string];
    return change(good).join(".");
  };
}

/** Signs with a secret that everybody knows: the public key, as some libraries would take it. */
function confused(secretOf: (stage: OAuthStage) => Promise<string>): Forge {
  return async (stage) => {
    const [, payload = ""] = (await stage.token(PATH)).split(".");
    const head = encoded({ alg: "HS256", kid: "first", typ: "at+jwt" });
    const secret = await secretOf(stage);
    const signature = createHmac("sha256", secret)
      .update(`${head}.${payload}`).digest("base64url");
    return `${head}.${payload}.${signature}`;
  };
}

/** A token that was signed by a key of the attacker, whose header says where that is. */
function withKeyOf(header: (url: string) => Record<string, unknown>): Forge {
  return async ({ token, gateway }) => {
    const key = await signingKey("first");
    const more = { ...header(`${gateway.url}/jwks`) };
    return await token(PATH, { key, header: more });
  };
}

const ROWS: readonly Row[] = [
  ["another issuer", claims({ iss: "https://evil.example" }), /issuer/],
  [
    "the issuer with a slash",
    ({ issuer, token }) =>
      token(PATH, { claims: { iss: `${issuer.issuer}/` } }),
    /issuer/,
  ],
  ["no issuer", claims({ iss: undefined }), /issuer/],
  [
    "two issuers",
    ({ issuer, token }) =>
      token(PATH, { claims: { iss: [issuer.issuer] as unknown as string } }),
    /issuer|checked/,
  ],
  ["no audience", claims({ aud: undefined }), /resource/],
  ["another server's audience", ({ token }) => token("/other/mcp"), /resource/],
  ["a part of the audience", ({ token }) => token("/open/mc"), /resource/],
  [
    "more than the audience",
    ({ token }) => token("/open/mcp/more"),
    /resource/,
  ],
  [
    "the audience in another case",
    ({ token }) => token("/OPEN/mcp"),
    /resource/,
  ],
  [
    "another gateway's audience",
    claims({ aud: "https://other.example/open/mcp" }),
    /resource/,
  ],
  ["many audiences and none of ours", claims({ aud: ["a", "b"] }), /resource/],
  [
    "an audience that is an object",
    claims({ aud: { a: 1 } }),
    /resource|checked/,
  ],
  [
    "an ID token, which is for the client",
    claims({ aud: "cli", nonce: "n" }),
    /resource/,
  ],
  ["the time being over", claims({ exp: seconds(-31) }), /expired/],
  ["no end", claims({ exp: undefined }), /expires/],
  ["an end that is no number", claims({ exp: "2099-01-01" }), /expires|lacks/],
  ["a beginning in the future", claims({ nbf: seconds(60) }), /not valid yet/],
  ["no subject", claims({ sub: undefined }), /subject/],
  ["an empty subject", claims({ sub: "" }), /subject/],
  ["a subject that is no text", claims({ sub: 7 }), /subject|checked/],
  ["claims that are no object", async ({ issuer }) => {
    const [key] = issuer.keys;
    return await new CompactSign(Buffer.from("[]"))
      .setProtectedHeader({ alg: "ES256", kid: "first" })
      .sign(key?.secret as CryptoKey);
  }, /read|issuer/],
  [
    "another payload",
    parts(([head, payload, signature]) => [
      head,
      encoded({ ...decoded(payload), sub: "root" }),
      signature,
    ]),
    /signature/,
  ],
  [
    "another signature",
    parts(([head, payload]) => [
      head,
      payload,
      "A".repeat(86),
    ]),
    /signature/,
  ],
  [
    "half a signature",
    parts(([head, payload, signature]) => [
      head,
      payload,
      signature.slice(0, 40),
    ]),
    /signature|checked/,
  ],
  [
    "no signature",
    parts(([head, payload]) => [head, payload, ""]),
    /not known/,
  ],
  [
    "alg none",
    parts(([, payload]) => [
      encoded({ alg: "none", typ: "at+jwt" }),
      payload,
      "",
    ]),
    /not known/,
  ],
  [
    "alg none with a signature",
    parts(([, payload, signature]) => [
      encoded({ alg: "none", typ: "at+jwt" }),
      payload,
      signature,
    ]),
    /signed in a way/,
  ],
  [
    "alg None",
    parts(([, payload, signature]) => [
      encoded({ alg: "nOnE", kid: "first" }),
      payload,
      signature,
    ]),
    /signed in a way/,
  ],
  [
    "no alg",
    parts(([, payload, signature]) => [
      encoded({ kid: "first" }),
      payload,
      signature,
    ]),
    /signed in a way/,
  ],
  [
    "another alg than the key's",
    parts(([head, payload, signature]) => [
      encoded({ ...decoded(head), alg: "RS256" }),
      payload,
      signature,
    ]),
    /key|checked/,
  ],
  [
    "HS256 with the public key as JWK",
    confused(({ issuer }) =>
      Promise.resolve(JSON.stringify(issuer.keys[0]?.published))
    ),
    /signed in a way/,
  ],
  [
    "HS256 with the public key as PEM",
    confused(async ({ issuer }) => {
      const jwk = issuer.keys[0]?.published ?? {};
      const key = await importJWK({ ...jwk, ext: true }, "ES256", {
        extractable: true,
      });
      return await exportSPKI(key as CryptoKey);
    }),
    /signed in a way/,
  ],
  [
    "HS256 with an empty secret",
    confused(() => Promise.resolve("")),
    /signed in a way/,
  ],
  [
    "critical extensions",
    parts(([head, payload, signature]) => [
      encoded({ ...decoded(head), crit: ["exp"], exp: 1 }),
      payload,
      signature,
    ]),
    /critical/,
  ],
  [
    "b64 false",
    parts(([head, payload, signature]) => [
      encoded({ ...decoded(head), crit: ["b64"], b64: false }),
      payload,
      signature,
    ]),
    /critical/,
  ],
  ["its own key as jwk", async ({ token }) => {
    const key = await signingKey("first");
    return await token(PATH, { key, header: { jwk: key.published } });
  }, /signature/],
  ["a jku", withKeyOf((jku) => ({ jku })), /signature/],
  ["an x5u", withKeyOf((x5u) => ({ x5u })), /signature/],
  ["an x5c", withKeyOf(() => ({ x5c: ["AAAA"] })), /signature/],
  [
    "a key of another with the same name",
    async ({ token }) => token(PATH, { key: await signingKey("first") }),
    /signature/,
  ],
  [
    "a key that is not known",
    async ({ token }) => token(PATH, { key: await signingKey("unknown") }),
    /key/,
  ],
  ["a key that is a path", header({ kid: "../../../../dev/null" }), /key/],
  [
    "a key that is no text",
    header({ kid: 7 as unknown as string }),
    /key|checked/,
  ],
  ["another type", header({ typ: "logout+jwt" }), /type/],
  ["the type of a proof", header({ typ: "dpop+jwt" }), /type/],
  [
    "a header that is no JSON",
    parts(([, payload, signature]) => [
      encoded("{"),
      payload,
      signature,
    ]),
    /read/,
  ],
  ["five parts", parts((all) => [...all, "AAAA", "AAAA"]), /not known/],
  ["two parts", parts(([head, payload]) => [head, payload]), /not known/],
  ["no parts", () => "an-opaque-token-nobody-has", /not known/],
  [
    "padding",
    parts(([head, payload, signature]) => [
      head,
      payload,
      `${signature}==`,
    ]),
    /not known/,
  ],
];

describe("an access token is refused with", () => {
  const its = oauthStage({ open: READING, other: READING }, {
    tokens: undefined,
  });

  for (const [what, forge, says] of ROWS) {
    it(what, LIMIT, async () => {
      const stage = await its();
      const url = `${stage.gateway.url}${PATH}`;
      const { status, challenge, json } = await post(url, await forge(stage));
      assert.equal(status, 401, JSON.stringify(json));
      assert.equal(json.error, "invalid_token");
      assert.match(json.error_description, says);
      assert.match(challenge, /error="invalid_token"/);
      assert.match(challenge, /resource_metadata=/);
    });
  }

  it(
    "a shared secret that its issuer publishes by mistake",
    LIMIT,
    async () => {
      const secret = "a-secret-that-is-in-the-key-set-by-mistake";
      await using issuer = await PlayedIssuer.start();
      const { token } = await forged(issuer, {
        header: { alg: "HS256", kid: "shared" },
        secret,
        published: { kty: "oct", kid: "shared", k: encoded(secret) },
      });
      await using gateway = await startOAuthGateway({ open: READING }, {
        issuer: issuer.issuer,
        audiences: ["api://any"],
      });
      const { status, json } = await post(`${gateway.url}${PATH}`, token);
      assert.equal(status, 401);
      assert.match(json.error_description, /signed in a way/);
    },
  );
});

/** A token by a secret that stands in the key set. */
async function forged(
  issuer: PlayedIssuer,
  { header, secret, published }: {
    readonly header: Record<string, unknown>;
    readonly secret: string;
    readonly published: JWK;
  },
): Promise<{ readonly token: string }> {
  const [, payload = ""] = (await issuer.token("api://any")).split(".");
  const [good] = issuer.keys;
  if (good) issuer.keys = [{ ...good, published }];
  const head = encoded(header);
  const signature = createHmac("sha256", secret)
    .update(`${head}.${payload}`).digest("base64url");
  return { token: `${head}.${payload}.${signature}` };
}

describe("an access token is taken", () => {
  const its = oauthStage({ open: READING }, { audiences: ["api://tools"] });

  async function assertTaken(stage: OAuthStage, token: string) {
    const { status, json } = await post(`${stage.gateway.url}${PATH}`, token);
    assert.equal(status, 200, JSON.stringify(json));
  }

  for (const alg of ["RS256", "PS384", "ES384", "EdDSA", "Ed25519"]) {
    it(`signed by ${alg}`, LIMIT, async () => {
      await using issuer = await PlayedIssuer.start();
      issuer.keys = [await signingKey("only", alg)];
      await using gateway = await startOAuthGateway({ open: READING }, {
        issuer: issuer.issuer,
      });
      const url = `${gateway.url}${PATH}`;
      assert.equal((await post(url, await issuer.token(url))).status, 200);
    });
  }

  it("within the skew of clocks", LIMIT, async () => {
    const stage = await its();
    for (const more of [{ exp: seconds(-20) }, { nbf: seconds(20) }]) {
      await assertTaken(stage, await stage.token(PATH, { claims: more }));
    }
  });

  it("whatever of the known types it calls itself", LIMIT, async () => {
    const stage = await its();
    for (const typ of ["JWT", "at+jwt", "application/at+jwt", undefined]) {
      const wish = { header: { typ } as Partial<JWTHeaderParameters> };
      await assertTaken(stage, await stage.token(PATH, wish));
    }
  });

  it(
    "with one of several audiences, or one that the operator names",
    LIMIT,
    async () => {
      const stage = await its();
      const aud = ["https://other.example", `${stage.gateway.url}${PATH}`];
      await assertTaken(stage, await stage.token(PATH, { claims: { aud } }));
      const api = await stage.token(PATH, { claims: { aud: "api://tools" } });
      await assertTaken(stage, api);
    },
  );
});

describe("keys that nobody has", () => {
  const its = oauthStage({ open: READING });

  it(
    "in a flood do not make the gateway ask for keys again and again, nor keep others out",
    LIMIT,
    async () => {
      const { issuer, gateway, token } = await its();
      const url = `${gateway.url}${PATH}`;
      assert.equal((await post(url, await token(PATH))).status, 200);
      const flood = Array.from({ length: 100 }, async (_, at) => {
        const kid = `nobody-${at}`;
        return (await post(url, await token(PATH, { header: { kid } }))).status;
      });
      const statuses = new Set(await Promise.all(flood));
      assert.deepEqual([...statuses].sort(), [401, 429]);
      assert.equal(issuer.times("/jwks"), 2);
      assert.equal((await post(url, await token(PATH))).status, 200);
    },
  );
});

describe("keys that were changed", () => {
  const its = oauthStage({ open: READING });

  it(
    "are asked for with the first token of the new one, and the old one is not taken any more",
    LIMIT,
    async () => {
      const { issuer, gateway, token } = await its();
      const url = `${gateway.url}${PATH}`;
      const [old] = issuer.keys;
      assert.equal((await post(url, await token(PATH))).status, 200);
      issuer.keys = [await signingKey("second", "RS256")];
      assert.equal((await post(url, await token(PATH))).status, 200);
      const stale = await token(PATH, { key: old });
      assert.equal((await post(url, stale)).status, 401);
    },
  );
});

describe("where a token says its key is", () => {
  const its = oauthStage({ open: READING });

  it("nobody ever looks", LIMIT, async () => {
    let visits = 0;
    await using attacker = await serveHttp((_, response) => {
      visits++;
      response.end("{}");
    });
    const { gateway, token } = await its();
    for (const name of ["jku", "x5u"]) {
      const key = await signingKey("elsewhere");
      const more = { [name]: attacker.url("/jwks").href };
      const forged = await token(PATH, { key, header: more });
      const { status } = await post(`${gateway.url}${PATH}`, forged);
      assert.equal(status, 401);
    }
    assert.equal(visits, 0);
  });
});
