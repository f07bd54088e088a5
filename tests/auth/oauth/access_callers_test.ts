// Who is remembered with an access token: one for each set of rights, bounded, and forgotten or ended in time.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  AccessCallers,
  MAX_CALLERS,
} from "../../../lib/auth/oauth/access_callers.ts";
import type { Caller } from "../../../lib/auth/oauth/access_callers.ts";
import type { Claims } from "../../../lib/auth/oauth/claims.ts";
import { Doors } from "../../../lib/auth/oauth/doors.ts";
import { ACTIVE_MS } from "../../../lib/auth/oauth/introspection.ts";
import {
  LiveLooks,
  UNCONFIRMED_MS,
} from "../../../lib/auth/oauth/live_looks.ts";
import { oauthRules } from "../../../lib/auth/oauth/oauth_policy.ts";
import { GatewayError } from "../../../lib/errors.ts";
import { Secret } from "../../../lib/secret.ts";
import { oauthOptions } from "../../support/oauth_options.ts";

const OPTIONS = oauthOptions();
const RULES = oauthRules(OPTIONS, new Map([["files", {}]]));
const DOORS = new Doors(OPTIONS, new Map([["files", {}]]));
const HERE = DOORS.of("files", "mcp");

function stage() {
  const callers = new AccessCallers(() => "keep");
  const enter = (claims: Claims, door = HERE) =>
    callers.enter(
      {
        claims: { sub: "alice", azp: "cli", aud: OPTIONS.baseUrl, ...claims },
        expires: Date.now() + 60_000,
        isOpaque: false,
      },
      "token",
      door,
      RULES,
    );
  return { callers, enter };
}

describe("a caller with access tokens", () => {
  it("is the same with each token of the same rights, and told apart by rights, door, client and subject", () => {
    const { callers, enter } = stage();
    const alice = enter({ scope: "a b" });
    assert.equal(enter({ scope: "b a", jti: "2" }), alice);
    const others = [
      enter({ scope: "a" }),
      enter({ scope: "a b", groups: ["x"] }),
      enter({ scope: "a b" }, DOORS.of("files", "sse")),
      enter({ scope: "a b", azp: "other" }),
      enter({ scope: "a b", sub: "bob" }),
    ];
    assert.equal(new Set([alice, ...others]).size, 6);
    callers.close();
  });

  it("owns the sessions of the same subject and client, whatever its rights are", () => {
    const { callers, enter } = stage();
    const [alice, wider, bob] = [
      enter({ scope: "a" }),
      enter({ scope: "a b" }),
      enter({ sub: "bob" }),
    ];
    assert.equal(alice?.generation, wider?.generation);
    assert.notEqual(alice?.generation, bob?.generation);
    callers.close();
  });

  it("is not begun again once it has ended", () => {
    const { callers, enter } = stage();
    const alice = enter({});
    alice.revoke(new GatewayError("invalid_token", "ended"));
    const again = enter({});
    assert.notEqual(again, alice);
    assert.equal(again.revoked.aborted, false);
    callers.close();
  });

  it("is forgotten where there are too many, but not while somebody watches it", () => {
    const { callers, enter } = stage();
    const watched = enter({ sub: "first" });
    watched.watch(() => {});
    const left = enter({ sub: "second" });
    for (let at = 0; at < MAX_CALLERS; at++) enter({ sub: `other ${at}` });
    assert.equal(callers.size, MAX_CALLERS);
    assert.equal(enter({ sub: "first" }), watched);
    assert.notEqual(enter({ sub: "second" }), left);
    assert.equal(left.revoked.aborted, false);
    callers.close();
  });

  it("ends where a reload leaves its token no resource", () => {
    const { callers, enter } = stage();
    const alice = enter({ aud: HERE.resource });
    const all = enter({ aud: "api://tools", sub: "bob" });
    const changed = oauthOptions({
      baseUrl: "https://moved.example",
      audiences: ["api://tools"],
    });
    const servers = new Map([["files", {}]]);
    callers.replace(oauthRules(changed, servers), new Doors(changed, servers));
    assert.equal(alice.revoked.aborted, true);
    assert.equal(all.revoked.aborted, false);
    callers.close();
  });
});

describe("an opaque token", () => {
  const unavailable = new GatewayError("issuer_unavailable", "away");
  const inactive = new GatewayError("invalid_token", "not active");

  function looking(answer: () => Promise<{ expires?: number }>) {
    let asked = 0;
    const looks = new LiveLooks(async () => {
      asked++;
      const { expires } = await answer();
      return { claims: {}, expires, isOpaque: true };
    });
    const { enter } = stage();
    const caller: Caller = {
      principal: enter({}),
      door: HERE,
      claims: {},
      opaque: new Secret("token"),
      confirmed: Date.now(),
    };
    return { looks, caller, asked: () => asked };
  }

  it("is looked at again after a minute, while somebody has a session with it", async () => {
    const { looks, caller, asked } = looking(() => Promise.resolve({}));
    const { confirmed } = caller;
    caller.principal.watch(() => {});
    assert.equal(looks.look(caller, confirmed + ACTIVE_MS - 1), "keep");
    assert.equal(asked(), 0);
    assert.equal(looks.look(caller, confirmed + ACTIVE_MS), "keep");
    // Not twice at the same time.
    assert.equal(looks.look(caller, confirmed + ACTIVE_MS), "keep");
    assert.equal(asked(), 1);
    await settled();
    assert.equal(caller.principal.revoked.aborted, false);
  });

  it("is forgotten after a minute where nobody has", () => {
    const { looks, caller, asked } = looking(() => Promise.resolve({}));
    const at = caller.confirmed + ACTIVE_MS;
    assert.equal(looks.look(caller, at), "forget");
    assert.equal(asked(), 0);
  });

  it("that its issuer has revoked ends what was begun with it", async () => {
    const { looks, caller } = looking(() => Promise.reject(inactive));
    caller.principal.watch(() => {});
    looks.look(caller, caller.confirmed + ACTIVE_MS);
    await settled();
    assert.equal(caller.principal.revoked.reason, inactive);
    assert.equal(looks.look(caller, caller.confirmed), "forget");
  });

  it("goes on for some minutes while its issuer is away, and no longer", async () => {
    const { looks, caller } = looking(() => Promise.reject(unavailable));
    caller.principal.watch(() => {});
    looks.look(caller, caller.confirmed + ACTIVE_MS);
    await settled();
    assert.equal(caller.principal.revoked.aborted, false);
    caller.confirmed -= UNCONFIRMED_MS;
    looks.look(caller, Date.now());
    await settled();
    assert.equal(caller.principal.revoked.reason, unavailable);
  });
});

/** Lets what is resolved already be done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
