// Tokens of which the configuration has only the hash, at work.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../lib/auth/token.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { listing } from "../support/check_report.ts";
import { runCheck } from "../support/check_run.ts";
import { startGateway } from "../support/in_process_gateway.ts";
import { connectRaw, request } from "../support/raw_client.ts";
import { LIMIT, SCRIPTED } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";

const TOKEN = "a-token-that-nobody-guesses";
const OTHER = "another-token-that-nobody-guesses";

const auth = {
  kind: "bearer_token",
  tokens: {
    dev: hashText(TOKEN),
    ops: { value: hashText(OTHER), tools: { deny: ["*"] } },
  },
};

describe("a token that is hashed in the file", () => {
  it("lets in, and its hash does not", LIMIT, async () => {
    await using gateway = await startGateway({ one: SCRIPTED }, { auth });
    const { url } = gateway;
    await using client = await connectRaw({
      url,
      server: "one",
      token: TOKEN,
      transport: "streamable-http",
    });
    const { message } = await client.ask(request(1, "x/echo"));
    assert.ok("result" in message);
    for (const stolen of [hashText(TOKEN), digestOf(TOKEN)]) {
      const authorization = `Bearer ${stolen}`;
      const { status } = await fetch(`${url}/one/mcp`, {
        headers: { authorization },
      });
      assert.equal(status, 401);
    }
    const log = await gateway.logText();
    assert.match(log, /"token_name":"dev"/);
    assert.ok(!log.includes(TOKEN) && !log.includes(digestOf(TOKEN)));
  });

  it("is one that a check can act as, with its own rules", LIMIT, async () => {
    const config = configWith({ one: listing("pages") }, { auth });
    const counts: number[] = [];
    for (const name of ["dev", "ops"]) {
      const args = ["-json", "-token", name];
      const end = await runCheck({ config, args, env: { LOG_LEVEL: "debug" } });
      const [server] = JSON.parse(end.stdout).servers;
      assert.deepEqual([server.token, server.status], [name, "ready"]);
      counts.push(server.tools);
      assert.deepEqual(end.leftovers, []);
      const said = end.stdout + end.stderr;
      assert.ok(!/sha256|nobody-guesses/.test(said), said);
    }
    const [all = 0, none] = counts;
    assert.ok(all > 0);
    assert.equal(none, 0);
  });
});
