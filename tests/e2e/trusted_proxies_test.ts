// What proxies say of their clients over real HTTP, and what anybody else says.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MAX_WRONG_TOKENS } from "../../lib/auth/wrong_tokens.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { rawRequest } from "../support/raw_request.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";

const CLIENT = "203.0.113.9";
const OTHER = "198.51.100.6";

/** The status of a request with a wrong token. */
async function statusOf(
  { url }: InProcessGateway,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const authorization = "Bearer wrong-token";
  const response = await fetch(`${url}/one/mcp`, {
    headers: { authorization, ...headers },
  });
  await response.body?.cancel();
  return response.status;
}

/** The status of a request that names these hosts. */
async function statusFor(
  { url }: InProcessGateway,
  host: string,
  forwarded: string,
): Promise<number> {
  const port = Number(new URL(url).port);
  const fields = [`Host: ${host}`, `X-Forwarded-Host: ${forwarded}`];
  const lines = ["GET /one/mcp HTTP/1.1", ...fields];
  return (await rawRequest({ port, lines })).status;
}

describe("a proxy that is trusted", LIMIT, () => {
  const gateway = sharedGateway({ one: SCRIPTED }, {
    trustedProxies: ["loopback"],
    allowedHosts: ["mcp.test"],
  });

  it("says who the client is: in the log, and for who sends wrong tokens again and again", async () => {
    const here = await gateway();
    // What stands before its own entry may be the invention of the client.
    const from = (client: string, i = 0) =>
      statusOf(here, { "x-forwarded-for": `192.0.2.${i}, ${client}` });
    for (let i = 0; i < MAX_WRONG_TOKENS; i++) {
      assert.equal(await from(CLIENT, i), 401);
    }
    assert.equal(await from(CLIENT), 429);
    assert.equal(await from(OTHER), 401);
    const slowed = await here.logged("Request refused", { status: 429 });
    assert.deepEqual([slowed.remote, slowed.via], [CLIENT, "127.0.0.1"]);
    await here.logged("Request refused", { remote: OTHER });
  });

  it("has to ask for a host that is allowed, and its word makes up for no other", async () => {
    const here = await gateway();
    assert.equal(await statusFor(here, "127.0.0.1", "mcp.test"), 401);
    assert.equal(await statusFor(here, "127.0.0.1", "evil.test"), 403);
    assert.equal(await statusFor(here, "evil.test", "mcp.test"), 403);
    assert.equal(await statusFor(here, "evil.test", "localhost"), 403);
  });

  it("leads clients of HTTP+SSE to where they came from, whatever its protocol and host", async () => {
    await using session = await SseSession.open({
      url: `${(await gateway()).url}/one/sse`,
      token: TOKENS.alice,
      headers: {
        "x-forwarded-proto": "https",
        "x-forwarded-host": "mcp.test:8443",
        "x-forwarded-for": CLIENT,
      },
    });
    const asked = "https://mcp.test:8443/one/sse";
    const { origin, pathname } = new URL(session.first.data, asked);
    assert.equal(origin + pathname, "https://mcp.test:8443/one/messages");
    assert.ok((await session.initialize()).result);
  });
});

describe("anybody else", LIMIT, () => {
  const gateway = sharedGateway({ one: SCRIPTED }, {
    trustedProxies: ["192.0.2.1", "10.0.0.0/8"],
  });

  it("is the client, whatever it says", async () => {
    const here = await gateway();
    const headers = { "x-forwarded-for": CLIENT, forwarded: `for=${CLIENT}` };
    assert.equal(await statusOf(here, headers), 401);
    const line = await here.logged("Request refused", { status: 401 });
    assert.deepEqual([line.remote, line.via], ["127.0.0.1", undefined]);
  });

  it("names its host by Host alone", async () => {
    const here = await gateway();
    assert.equal(await statusFor(here, "127.0.0.1", "evil.test"), 401);
    assert.equal(await statusFor(here, "evil.test", "127.0.0.1"), 403);
  });
});
