// A token that expires while it is in use, over real HTTP.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startGateway } from "../support/in_process_gateway.ts";
import { connectRaw, request } from "../support/raw_client.ts";
import type { ClientTransport } from "../support/raw_client.ts";
import { listing } from "../support/check_report.ts";
import { runCheck } from "../support/check_run.ts";
import { LIMIT, SCRIPTED } from "../support/shared_gateway.ts";
import { rawAtRoot } from "../support/root_client.ts";
import { configWith } from "../support/simple_config.ts";

const TOKEN = "a-token-that-expires-0123456789";
const OTHER = "a-token-that-does-not-0123456789";
/** Time for a session to open. */
const VALID_MS = 2_000;

function authUntil(expires: string) {
  const tokens = { temp: { value: TOKEN, expires }, keeps: OTHER };
  return { auth: { kind: "bearer_token", tokens } };
}

describe("a token that expires", () => {
  const transports: ClientTransport[] = ["streamable-http", "sse"];
  for (const transport of transports) {
    it(`ends its sessions (${transport}), and no others`, LIMIT, async () => {
      const expires = new Date(Date.now() + VALID_MS).toISOString();
      await using gateway = await startGateway(
        { one: SCRIPTED },
        authUntil(expires),
      );
      const { url } = gateway;
      const to = { url, server: "one", transport };
      await using _mine = await connectRaw({ ...to, token: TOKEN });
      await using other = await connectRaw({ ...to, token: OTHER });
      const line = await gateway.logged("Session closed");
      assert.deepEqual([line.token_name ?? "temp", line.fault, line.reason], [
        "temp",
        "invalid_token",
        `The token "temp" has expired: it was valid until ${expires}`,
      ]);
      assert.ok(Date.now() >= Date.parse(expires));
      await gateway.logged("Backend exited");
      const { message } = await other.ask(request(7, "x/echo"));
      assert.ok("result" in message, "it goes on");
      const refused = await fetch(`${url}/one/mcp`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      assert.equal(refused.status, 401);
      const body = await refused.json();
      assert.equal(body.error, "invalid_token");
      assert.match(body.error_description, /"temp" has expired: it was valid/);
    });

    it(`ends every server behind the root (${transport})`, LIMIT, async () => {
      const expires = new Date(Date.now() + VALID_MS).toISOString();
      await using gateway = await startGateway(
        { one: listing("none"), two: listing("none") },
        authUntil(expires),
      );
      await using mine = await rawAtRoot(gateway, transport, { token: TOKEN });
      await mine.ask(request(7, "tools/list"));
      const line = await gateway.logged("Session closed");
      assert.equal(line.fault, "invalid_token");
      for (const server of ["one", "two"]) {
        await gateway.logged("Backend exited", { server });
      }
    });
  }
});

describe("mcp-front check", () => {
  const tokens = {
    old: { value: TOKEN, expires: "2001-01-01" },
    dev: OTHER,
  };
  const auth = { kind: "bearer_token", tokens };
  const config = configWith({ one: listing("none") }, { auth });

  it("takes a token that is still valid", LIMIT, async () => {
    const end = await runCheck({ config, args: ["-json"] });
    const { servers } = JSON.parse(end.stdout);
    assert.deepEqual([servers[0].token, servers[0].status], ["dev", "ready"]);
    assert.match(end.stderr, /warning: .*token "old" has expired/);
  });

  it("says so where the named one is not", LIMIT, async () => {
    const end = await runCheck({ config, args: ["-json", "-token", "old"] });
    const { servers } = JSON.parse(end.stdout);
    assert.equal(servers[0].status, "not_allowed");
    assert.match(
      JSON.stringify(servers[0]),
      /token \\"old\\" was valid until 2001-01-02T00:00:00Z/,
    );
  });
});

describe("mcp-front explain", () => {
  it("shows when the token ends, or has ended", LIMIT, async () => {
    const tokens = {
      old: { value: TOKEN, expires: "2001-01-01" },
      dev: { value: OTHER, expires: "2999-01-01" },
    };
    const auth = { kind: "bearer_token", tokens };
    const config = configWith({ one: SCRIPTED }, { auth });
    const explain = (...args: string[]) =>
      runCheck({ config, command: "explain", args });
    const old = await explain("-token", "old");
    assert.match(
      old.stdout,
      /; it has expired: it was valid until 2001-01-02T00:00:00Z$/m,
    );
    const dev = await explain("-token", "dev");
    assert.match(dev.stdout, /; it is valid until 2999-01-02T00:00:00Z$/m);
    const json = await explain("-token", "dev", "-json");
    assert.equal(JSON.parse(json.stdout).expires, "2999-01-02T00:00:00Z");
  });
});
