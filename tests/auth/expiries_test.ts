// What ends at its time, and what does not end before.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Expiries, MAX_WAIT_MS, waitMs } from "../../lib/auth/expiries.ts";
import { StaticTokens } from "../../lib/auth/static_tokens.ts";
import { tokenOf } from "../../lib/auth/token.ts";
import { GatewayError } from "../../lib/errors.ts";

const SHORT_MS = 60;
const FAR = new Date("9999-12-31T00:00:00Z");

const VALUES = {
  past: "a-token-of-the-past-0123456789",
  soon: "a-token-that-ends-soon-0123456789",
  next: "a-token-that-ends-next-0123456789",
  far: "a-token-of-the-future-0123456789",
};

function tokensOf(now: number) {
  const ends = {
    past: new Date(now - 1_000),
    soon: new Date(now + SHORT_MS),
    next: new Date(now + 2 * SHORT_MS),
    far: FAR,
  };
  return new StaticTokens({
    tokens: new Map(
      Object.entries(ends).map(([name, expires]) => [
        name,
        { ...tokenOf(VALUES[name as keyof typeof VALUES]), expires },
      ]),
    ),
    servers: new Map(),
    scopes: new Map(),
  });
}

function headersOf(name: keyof typeof VALUES): Headers {
  return new Headers({ authorization: `Bearer ${VALUES[name]}` });
}

async function fired(signal: AbortSignal): Promise<unknown> {
  return await awake((resolve) =>
    signal.addEventListener("abort", () => resolve(signal.reason))
  );
}

/** The ends that are waited for keep no process. */
async function awake(
  wait: (resolve: (value?: unknown) => void) => void,
): Promise<unknown> {
  const keeper = setTimeout(() => {}, 60_000);
  try {
    return await new Promise(wait);
  } finally {
    clearTimeout(keeper);
  }
}

function refusal(ask: () => unknown): GatewayError {
  try {
    ask();
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  assert.fail("it was let in");
}

describe("a token that expires", () => {
  it("is refused from then on, with the reason and since when", async () => {
    const tokens = tokensOf(Date.now());
    const { revoked } = tokens.authenticate(headersOf("soon"));
    assert.ok(!revoked.aborted);
    await fired(revoked);
    for (const name of ["past", "soon"] as const) {
      const error = refusal(() => tokens.authenticate(headersOf(name)));
      assert.equal(error.status, 401);
      const challenge = error.headers["www-authenticate"] ?? "";
      assert.match(challenge, /error="invalid_token"/);
      assert.match(
        challenge,
        /The token '\w+' has expired: it was valid until \d{4}-\d\d-\d\dT[\d:.]+Z"$/,
      );
    }
    tokens.close();
  });

  it("revokes what it had let in, one token after the other, and no other token", async () => {
    const now = Date.now();
    const tokens = tokensOf(now);
    const [soon, next, far] = (["soon", "next", "far"] as const)
      .map((name) => tokens.authenticate(headersOf(name)).revoked);
    const reason = await fired(soon as AbortSignal);
    assert.ok(Date.now() - now >= SHORT_MS);
    assert.ok(reason instanceof GatewayError);
    assert.match(reason.message, /"soon" has expired/);
    await fired(next as AbortSignal);
    assert.ok(Date.now() - now >= 2 * SHORT_MS);
    assert.equal(far?.aborted, false);
    assert.equal(tokens.authenticate(headersOf("far")).id, "far");
    tokens.close();
  });
});

describe("the ends of credentials", () => {
  it("end what is over at once, the earliest first", () => {
    const ended: number[] = [];
    const at = (ms: number) => ({ at: ms, end: () => ended.push(ms) });
    new Expiries([at(3), at(1), at(2), at(FAR.getTime())]).close();
    assert.deepEqual(ended, [1, 2, 3]);
  });

  it("are not waited for any more once they are closed", async () => {
    const ended: string[] = [];
    const at = Date.now() + SHORT_MS;
    const closed = new Expiries([{ at, end: () => ended.push("closed") }]);
    closed.close();
    await awake((end) => void new Expiries([{ at: at + 1, end }]));
    assert.deepEqual(ended, []);
  });

  it("are waited for in pieces, which no timer overflows", () => {
    assert.equal(waitMs(FAR.getTime(), Date.now()), MAX_WAIT_MS);
    assert.equal(waitMs(5_000, 1_000), 4_000);
    assert.ok(waitMs(1_000, 1_000) > 0);
    assert.ok(MAX_WAIT_MS < 2 ** 31);
  });
});
