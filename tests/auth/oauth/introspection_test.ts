// Opaque tokens: how long an answer of the issuer is relied on.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers";
import { Introspection } from "../../../lib/auth/oauth/introspection.ts";
import type { Stranger } from "../../../lib/auth/oauth/introspection.ts";
import { Issuer } from "../../../lib/auth/oauth/issuer.ts";
import { Secret } from "../../../lib/secret.ts";
import { logInto } from "../../support/log_lines.ts";
import { PlayedIssuer } from "../../support/played_issuer.ts";

const AUDIENCE = "https://gw.example/mcp";

const MAX_ANSWERS = 8;

/** The answers of a played issuer. */
function answersOf({ issuer }: PlayedIssuer): Introspection {
  const options = { clientId: "gw", clientSecret: new Secret("secret") };
  return new Introspection(
    new Issuer({ issuer, introspection: options }, logInto([])),
    options,
    MAX_ANSWERS,
  );
}

describe("an answer about an opaque token", () => {
  it("is as old as the question, however often it is used", async () => {
    await using played = await PlayedIssuer.start();
    played.opaque.set("token", { sub: "alice", aud: AUDIENCE });
    const introspection = answersOf(played);
    const before = Date.now();
    const first = await introspection.valid("token", [AUDIENCE]);
    assert.ok((first.confirmed ?? 0) >= before);
    while (Date.now() <= (first.confirmed ?? 0)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const second = await introspection.valid("token", [AUDIENCE]);
    assert.equal(second.confirmed, first.confirmed);
    assert.equal(played.times("/introspect"), 1);
  });
});

describe("an opaque token that nobody knows yet", () => {
  it("is not asked about for those who have come with too many wrong ones", async () => {
    await using played = await PlayedIssuer.start();
    played.opaque.set("token", { sub: "alice", aud: AUDIENCE });
    const introspection = answersOf(played);
    const ask = (token: string, stranger: Stranger) =>
      introspection.valid(token, [AUDIENCE], stranger);
    await assert.rejects(ask("token", "refused"), { fault: "invalid_token" });
    assert.equal(played.times("/introspect"), 0);
    await ask("token", "asked_about");
    assert.equal((await ask("token", "refused")).claims.sub, "alice");
    assert.equal(played.times("/introspect"), 1);
  });

  it("takes the place of no one that is known, however many come", async () => {
    await using played = await PlayedIssuer.start();
    played.opaque.set("token", { sub: "alice", aud: AUDIENCE });
    const introspection = answersOf(played);
    await introspection.valid("token", [AUDIENCE]);
    const wrong = Array.from({ length: MAX_ANSWERS + 1 }, (_, nth) => `${nth}`);
    for (const one of wrong) {
      await assert.rejects(introspection.valid(one, [AUDIENCE]));
    }
    assert.equal(introspection.size, MAX_ANSWERS + 1);
    const asked = played.times("/introspect");
    await introspection.valid("token", [AUDIENCE]);
    assert.equal(played.times("/introspect"), asked);
  });
});
