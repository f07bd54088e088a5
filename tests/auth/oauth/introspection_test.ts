// Opaque tokens: how long an answer of the issuer is relied on.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers";
import { Introspection } from "../../../lib/auth/oauth/introspection.ts";
import { Issuer } from "../../../lib/auth/oauth/issuer.ts";
import { Secret } from "../../../lib/secret.ts";
import { logInto } from "../../support/log_lines.ts";
import { PlayedIssuer } from "../../support/played_issuer.ts";

const AUDIENCE = "https://gw.example/mcp";

describe("an answer about an opaque token", () => {
  it("is as old as the question, however often it is used", async () => {
    await using played = await PlayedIssuer.start();
    const { issuer } = played;
    played.opaque.set("token", { sub: "alice", aud: AUDIENCE });
    const options = { clientId: "gw", clientSecret: new Secret("secret") };
    const introspection = new Introspection(
      new Issuer({ issuer, introspection: options }, logInto([])),
      options,
    );
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
