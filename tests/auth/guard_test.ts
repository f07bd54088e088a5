// Wrong tokens from one address: slowed down, with bounded memory, and never in the way of a valid one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Guard } from "../../lib/auth/guard.ts";
import { networkOf } from "../../lib/auth/network_of.ts";
import { StaticTokens } from "../../lib/auth/static_tokens.ts";
import { tokenOf } from "../../lib/auth/token.ts";
import {
  MAX_ADDRESSES,
  MAX_WRONG_TOKENS,
  WINDOW_MS,
  WrongTokens,
} from "../../lib/auth/wrong_tokens.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Principal } from "../../lib/principal.ts";

const TOKEN = "a-token-that-nobody-guesses";
const OLD = "a-token-of-the-past-0123456789";
const HERE = "192.0.2.1";

/** A clock that stands still until it is set. */
class Clock {
  ms = 0;
  readonly read = () => this.ms;
}

function guardAt(clock: Clock): Guard {
  const tokens = new Map([
    ["dev", tokenOf(TOKEN)],
    ["old", { ...tokenOf(OLD), expires: new Date(0) }],
  ]);
  return new Guard(
    new StaticTokens({ tokens, servers: new Map(), scopes: new Map() }),
    new WrongTokens(clock.read),
  );
}

function refused(
  guard: Guard,
  token: string | undefined,
  address = HERE,
): GatewayError {
  const headers = new Headers();
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  try {
    guard.admit(headers, address);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  assert.fail("it was let in");
}

function admitted(guard: Guard): string {
  const headers = new Headers({ authorization: `Bearer ${TOKEN}` });
  return (guard.admit(headers, HERE) as Principal).id;
}

function exhaust(guard: Guard, address = HERE): void {
  for (let i = 0; i < MAX_WRONG_TOKENS; i++) {
    assert.equal(refused(guard, `wrong-${i}`, address).status, 401);
  }
}

describe("wrong tokens from one address", () => {
  it("get 429 and how long to wait, once there were too many", () => {
    const clock = new Clock();
    const guard = guardAt(clock);
    exhaust(guard);
    clock.ms = 500;
    const error = refused(guard, "wrong");
    assert.equal(error.status, 429);
    assert.equal(error.fault, "too_many_wrong_tokens");
    const seconds = Math.ceil((WINDOW_MS - 500) / 1_000);
    assert.equal(error.headers["retry-after"], String(seconds));
    assert.match(
      error.text,
      /not known to this gateway; too many wrong tokens/,
    );
  });

  it("never keep a valid token out, nor do they let it wait", () => {
    const guard = guardAt(new Clock());
    exhaust(guard);
    assert.equal(refused(guard, "wrong").status, 429);
    assert.equal(admitted(guard), "dev");
    assert.equal(refused(guard, "wrong").status, 429);
    assert.equal(admitted(guard), "dev");
  });

  it("get 401 again when the window is over", () => {
    const clock = new Clock();
    const guard = guardAt(clock);
    exhaust(guard);
    clock.ms = WINDOW_MS - 1;
    const late = refused(guard, "wrong");
    assert.deepEqual([late.status, late.headers["retry-after"]], [429, "1"]);
    clock.ms = WINDOW_MS;
    exhaust(guard);
    assert.equal(refused(guard, "wrong").status, 429);
  });

  it("slow down no other address", () => {
    const guard = guardAt(new Clock());
    exhaust(guard);
    assert.equal(refused(guard, "wrong", "192.0.2.2").status, 401);
  });

  it("count for the whole /64 of an IPv6 address", () => {
    const guard = guardAt(new Clock());
    exhaust(guard, "2001:db8:1:2::1");
    assert.equal(refused(guard, "wrong", "2001:db8:1:2:ffff::9").status, 429);
    assert.equal(refused(guard, "wrong", "2001:db8:1:3::1").status, 401);
  });

  it("are those that have expired, too, and are told so", () => {
    const guard = guardAt(new Clock());
    exhaust(guard);
    const error = refused(guard, OLD);
    assert.equal(error.status, 429);
    assert.match(error.text, /"old" has expired/);
  });

  it("are none where no token was sent, or no well-formed one", () => {
    const guard = guardAt(new Clock());
    for (let i = 0; i < 2 * MAX_WRONG_TOKENS; i++) {
      assert.equal(refused(guard, undefined).status, 401);
      assert.equal(refused(guard, "two words").status, 400);
    }
    exhaust(guard);
    assert.equal(refused(guard, undefined).status, 401);
    assert.equal(refused(guard, "two words").status, 400);
  });
});

describe("the memory of wrong tokens", () => {
  it("has a bound: the address heard of the longest ago is forgotten first", () => {
    const wrong = new WrongTokens(() => 0);
    const exceed = (address: string) => {
      for (let i = 0; i < MAX_WRONG_TOKENS; i++) wrong.note(address);
    };
    exceed("first");
    exceed("second");
    wrong.note("first");
    for (let i = 0; i < MAX_ADDRESSES - 1; i++) wrong.note(`address-${i}`);
    assert.equal(wrong.addresses, MAX_ADDRESSES);
    assert.ok(wrong.note("first") > 0, "it was heard of after the second");
    assert.equal(wrong.note("second"), 0);
    assert.equal(wrong.addresses, MAX_ADDRESSES);
  });
});

describe("the network of an address", () => {
  const cases: [string, string][] = [
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["2001:db8::", "2001:db8:0:0::/64"],
    ["2001:0DB8:0:0:1:2:3:4", "2001:db8:0:0::/64"],
    ["2001:db8:1:2:3::4", "2001:db8:1:2::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ];
  for (const [address, network] of cases) {
    it(`of ${address} is ${network}`, () => {
      assert.equal(networkOf(address), network);
    });
  }
});
