// Lets `mcp-front check` meet every kind of server with recognisable secrets, then searches all that it prints for them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listing } from "../support/check_report.ts";
import { MARK, runCheck } from "../support/check_run.ts";
import { answerJson, bodyOf, serveHttp } from "../support/http_server.ts";
import { startLeaky } from "../support/leaky_backend.ts";
import {
  secretiveConfig,
  TOKEN_VARIABLE,
} from "../support/secretive_config.ts";
import { SecretWords } from "../support/secret_words.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";

/** A server that refuses everybody, and quotes what it was sent in its error. */
function startQuoting() {
  return serveHttp(async (request, response) => {
    const { id } = JSON.parse(await bodyOf(request) || "{}");
    const { authorization, "x-api-key": key } = request.headers;
    const said = `${authorization} and ${key} at ${request.url} are unknown`;
    const error = { code: -32001, message: said };
    answerJson(response, 400, { jsonrpc: "2.0", id, error });
  });
}

async function check(words: SecretWords, args: readonly string[]) {
  const { server } = await startLeaky(words);
  await using _server = server;
  await using quoting = await startQuoting();
  const config = secretiveConfig(server.origin, words);
  const { far, child } = config.mcpServers;
  const url = `${quoting.origin}/mcp${far.url.slice(far.url.indexOf("?"))}`;
  const mcpServers = {
    ...config.mcpServers,
    quoting: { ...far, url },
    child: { ...child, args: [...child.args, MARK] },
  };
  return await runCheck({
    config: { ...config, mcpServers },
    args,
    env: {
      [TOKEN_VARIABLE]: words.of("token of alice"),
      LOG_LEVEL: "debug",
      LOG_FORMAT: "",
    },
  });
}

describe("mcp-front check", () => {
  for (const args of [[], ["-json"], ["-json", "-token", "bob"]]) {
    const line = ["mcp-front check", ...args].join(" ");
    it(
      `shows no secret, also with LOG_LEVEL=debug: ${line}`,
      LIMIT,
      async () => {
        const words = new SecretWords();
        const { code, stdout, stderr, leftovers } = await check(words, args);
        assert.equal(code, 1);
        assert.deepEqual(leftovers, []);
        assert.match(
          stdout,
          /\[secret\] and \[secret\] at \/mcp\[secret\] are/,
        );
        assert.match(stdout, /refused the gateway's own credentials/);
        assert.ok(stderr.split("DEBUG").length > 10, stderr);
        words.assertAbsent(stdout, "the report");
        words.assertAbsent(stderr, "the log");
      },
    );
  }

  it(
    "shows no variable that a server prints before it dies",
    LIMIT,
    async () => {
      const words = new SecretWords();
      const password = words.of("password of a database");
      const env = { DATABASE_URL: `postgresql://user:${password}@host/db` };
      const teller = listing("tells its variables", { env });
      const config = configWith({ teller });
      const { code, stdout } = await runCheck({ config });
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}\| cannot connect to \[secret\]$/m);
      assert.match(stdout, /^ {2}\| no user with \[secret\]$/m);
      words.assertAbsent(stdout, "the report");
    },
  );
});
