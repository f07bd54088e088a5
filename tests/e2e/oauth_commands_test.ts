// The commands on a configuration that takes access tokens: none of them needs the authorization server.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MARK, runCheck } from "../support/check_run.ts";
import type { CheckRun } from "../support/check_run.ts";
import { clientWords, runExec, toldBy } from "../support/exec_run.ts";
import { LIMIT, pathOf } from "../support/shared_gateway.ts";

const READING = {
  command: "node",
  args: [pathOf("reading_server.mjs"), MARK],
};

const CONFIG = {
  proxy: {
    addr: "127.0.0.1:0",
    baseUrl: "https://gw.example",
    auth: {
      kind: "oauth",
      // Nothing listens there.
      issuer: "http://127.0.0.1:1/realm",
      staticPath: "/static",
      introspection: { clientId: "gw", clientSecret: "$env:SECRET_NOT_SET" },
      tokens: { ci: "$env:CI_TOKEN_NOT_SET" },
      scopes: { read: { readOnly: true }, write: {} },
    },
  },
  mcpServers: {
    scoped: { ...READING, authTokens: [], authScopes: ["db:use"] },
    listed: { ...READING, authTokens: ["ci"] },
  },
};

const SET = {
  SECRET_NOT_SET: "a-client-secret-0123456789",
  CI_TOKEN_NOT_SET: "a-token-of-some-length",
};

/** What a command writes to stdout; it ends with 0, and no process of it is left. */
async function told(run: Omit<CheckRun, "config">): Promise<string> {
  const end = await runCheck({ ...run, config: CONFIG });
  assert.equal(end.code, 0, end.stderr);
  assert.deepEqual(end.leftovers, []);
  for (const secret of Object.values(SET)) {
    assert.ok(!(end.stdout + end.stderr).includes(secret));
  }
  return end.stdout;
}

describe("a configuration with an authorization server that cannot be reached", () => {
  it(
    "is checked server by server, also what only access tokens open",
    LIMIT,
    async () => {
      const stdout = await told({ args: ["-json"], env: SET });
      const { servers } = JSON.parse(stdout) as {
        servers: { name: string; token: string; status: string }[];
      };
      assert.deepEqual(
        servers.map(({ name, token, status }) => [name, token, status]),
        [["scoped", "(oauth)", "ready"], ["listed", "ci", "ready"]],
      );
    },
  );

  it(
    "lets a command use everything, without its secrets being there",
    LIMIT,
    async () => {
      const words = clientWords("/scoped/mcp", "write", "/listed/mcp", "read");
      const end = await runExec({ config: CONFIG, words });
      assert.equal(end.code, 0, end.stderr);
      assert.deepEqual(toldBy(end).calls, ["done: write", "done: read"]);
      assert.equal(toldBy(end).env.SECRET_NOT_SET, undefined);
      assert.deepEqual(end.leftovers, []);
    },
  );

  it(
    "is explained for a caller, from the rules and from the servers",
    LIMIT,
    async () => {
      const words = ["-scopes", "db:use read", "-json"];
      const rules = JSON.parse(await told({ command: "explain", args: words }));
      assert.deepEqual(rules.caller.scopes, ["db:use", "read"]);
      assert.deepEqual(
        rules.servers.map((one: { allowed: boolean }) => one.allowed),
        [true, false],
      );
      const args = [...words, "-connect"];
      const asked = JSON.parse(
        await told({ command: "explain", args, env: SET }),
      );
      const [scoped] = asked.servers;
      assert.deepEqual(
        scoped.tools.map((one: { name: string; verdict: string }) => [
          one.name,
          one.verdict,
        ]),
        [["read", "allowed"], ["write", "denied"]],
      );
      const [, write] = scoped.tools;
      assert.match(write.rule, /scopes to ask for: write$/);
    },
  );

  it(
    "is connected to by a login, or by a token at the static path",
    LIMIT,
    async () => {
      const login = JSON.parse(
        await told({ command: "connect", args: ["-json"] }),
      );
      assert.deepEqual([login.token, login.url], [
        null,
        "https://gw.example/mcp",
      ]);
      for (const args of [["-token", "ci"], ["-server", "listed"]]) {
        const { token, url } = JSON.parse(
          await told({ command: "connect", args: [...args, "-json"] }),
        );
        assert.equal(token, "ci");
        assert.match(url, /^https:\/\/gw\.example\/static\//);
      }
    },
  );
});
