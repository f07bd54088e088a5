// Signed tokens are checked once, as long as nothing changes by which they were.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CheckedTokens,
  MAX_CHECKED,
} from "../../../lib/auth/oauth/checked_tokens.ts";
import type { ValidToken } from "../../../lib/auth/oauth/claims.ts";
import { validJwt } from "../../../lib/auth/oauth/jwt.ts";
import { GatewayError } from "../../../lib/errors.ts";
import { PlayedIssuer, signingKey } from "../../support/played_issuer.ts";

const DOOR = ["https://mcp.example/files/mcp"];
const OTHER_DOOR = ["https://mcp.example/mail/mcp"];
const KEYS = { keys: [] };
const good: ValidToken = {
  claims: { sub: "alice" },
  expires: Date.now() + 60_000,
  isOpaque: false,
};

describe("checked tokens", () => {
  it("are known at the door they were checked for, and at no other", () => {
    const checked = new CheckedTokens();
    checked.add("a", { token: good, keys: KEYS, audiences: DOOR });
    assert.equal(checked.find("a", DOOR)?.token, good);
    assert.equal(checked.find("a", OTHER_DOOR), undefined);
    assert.equal(checked.find("b", DOOR), undefined);
  });

  it("are known at two doors at once", () => {
    const checked = new CheckedTokens();
    for (const audiences of [DOOR, OTHER_DOOR]) {
      checked.add("a", { token: good, keys: KEYS, audiences });
    }
    assert.equal(checked.find("a", DOOR)?.audiences, DOOR);
    assert.equal(checked.find("a", OTHER_DOOR)?.audiences, OTHER_DOOR);
  });

  it("are checked again where the same door has other audiences", () => {
    const checked = new CheckedTokens();
    checked.add("a", { token: good, keys: KEYS, audiences: DOOR });
    assert.equal(checked.find("a", [...DOOR]), undefined);
  });

  it("are not known any more when their time is over", () => {
    const checked = new CheckedTokens();
    const token = { ...good, expires: Date.now() - 1 };
    checked.add("a", { token, keys: KEYS, audiences: DOOR });
    assert.equal(checked.find("a", DOOR), undefined);
  });

  it("are forgotten from the one on that came the longest ago", () => {
    const checked = new CheckedTokens();
    const add = (token: string) =>
      checked.add(token, { token: good, keys: KEYS, audiences: DOOR });
    for (let nth = 0; nth < MAX_CHECKED; nth++) add(`${nth}`);
    checked.find("0", DOOR);
    add("one more");
    assert.equal(checked.size, MAX_CHECKED);
    assert.ok(checked.find("0", DOOR));
    assert.equal(checked.find("1", DOOR), undefined);
  });
});

describe("a token that was checked", () => {
  it("is refused as soon as its issuer has its key no more", async () => {
    await using played = await PlayedIssuer.start();
    const [first] = played.keys;
    const second = await signingKey("second");
    let keys = { keys: [first!.published] };
    const issuer = {
      options: { issuer: played.issuer },
      keys: () => Promise.resolve(keys),
      checked: new CheckedTokens(),
    };
    const token = await played.token(DOOR[0]!);
    const once = await validJwt(token, DOOR, issuer);
    // The very same: its signature was not looked at again.
    assert.equal(await validJwt(token, DOOR, issuer), once);
    keys = { keys: [second.published] };
    await assert.rejects(
      validJwt(token, DOOR, issuer),
      (error) =>
        error instanceof GatewayError && error.fault === "invalid_token",
    );
  });
});
