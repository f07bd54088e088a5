// The README's way from tokens to OAuth, step by step, with a real authorization server and clients that log in.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { connectOfficial } from "../support/connect_official.ts";
import { freePort } from "../support/free_port.ts";
import { startGateway } from "../support/gateway_process.ts";
import { blocksIn } from "../support/markdown.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { connectByOAuth } from "../support/oauth_official.ts";
import { Wallet } from "../support/oauth_wallet.ts";
import { OidcIssuer } from "../support/oidc_issuer.ts";
import { commandOf, ROOT } from "../support/program.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const ALICE_TOKEN = "token-of-alice-0123456789";
const ENVIRONMENT = { ALICE_TOKEN, CI_TOKEN: "token-of-ci-0123456789" };

const [, section = ""] = readFileSync(join(ROOT, "README.md"), "utf8")
  .split("\n## From tokens to OAuth\n");
const [both, command, moved] = blocksIn(section.split("\n## ")[0] ?? "")
  .map(({ text }) => text);

/** A file of the README, with the addresses of a test in place of those it has. */
function at(text: string | undefined, issuer: string, port: string): string {
  assert.ok(text);
  return text
    .replace("https://mcp.example.com", `http://127.0.0.1:${port}`)
    .replace("127.0.0.1:8080", `127.0.0.1:${port}`)
    .replace("https://login.example.com/realms/tools", issuer);
}

function run(args: readonly string[]): string {
  const [program, ...first] = commandOf("binary");
  const { stdout, stderr, status } = spawnSync(program, [...first, ...args], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** A client that has been given a token, at an address. */
function byToken(url: string): Promise<OfficialClient> {
  return connectOfficial("v2", {
    transport: "streamable-http",
    url,
    token: ALICE_TOKEN,
  });
}

/** What an address answers to who has no token. */
async function knock(url: string): Promise<[number, string]> {
  const response = await fetch(url, { method: "POST", body: "{}" });
  await response.body?.cancel();
  return [response.status, response.headers.get("www-authenticate") ?? ""];
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

describe("the way from tokens to OAuth", () => {
  it(
    "begins with both: tokens go on, and beneath the static path nothing is said of OAuth",
    LIMIT,
    async () => {
      await using server = await OidcIssuer.start();
      const port = String(await freePort());
      const config = at(both, server.issuer, port);
      await using gateway = await startGateway({
        config,
        env: ENVIRONMENT,
        how: "deno",
      });
      const { url } = gateway;
      for (
        const path of ["/database/mcp", "/static/database/mcp", "/static/mcp"]
      ) {
        await using client = await byToken(url + path);
        const { tools } = await client.verbs.listTools();
        assert.equal(tools.length, 3, path);
      }
      const WELL_KNOWN = `${url}/.well-known/oauth-protected-resource`;
      assert.match(
        (await knock(`${url}/database/mcp`))[1],
        /resource_metadata/,
      );
      assert.equal(await statusOf(`${WELL_KNOWN}/database/mcp`), 200);
      const [status, challenge] = await knock(`${url}/static/database/mcp`);
      assert.equal(status, 401);
      assert.doesNotMatch(challenge, /resource_metadata|scope/);
      for (const path of ["", "/static/mcp", "/static/database/mcp"]) {
        assert.equal(await statusOf(WELL_KNOWN + path), 404, path);
      }
    },
  );

  it(
    "goes on client by client: each logs in where it had a token",
    LIMIT,
    async () => {
      await using server = await OidcIssuer.start();
      await using folder = await TemporaryFolder.create();
      const port = String(await freePort());
      const config = at(both, server.issuer, port);
      await using gateway = await startGateway({
        config,
        env: ENVIRONMENT,
        how: "deno",
      });
      const [program = "", ...args] = command?.split(" ") ?? [];
      assert.equal(program, "mcp-front");
      const printed = run([...args, "-config", gateway.file]);
      assert.equal(
        printed,
        `claude mcp add --transport http mcp-front http://127.0.0.1:${port}/mcp\n`,
      );
      const stay = run([
        "connect",
        "-config",
        gateway.file,
        "-token",
        "alice",
        "-client",
        "claude-code",
      ]);
      assert.match(stay, /:\d+\/static\/mcp --header/);

      await using others = await byToken(`${gateway.url}/static/mcp`);
      const wallet = new Wallet();
      const url = `${gateway.url}/mcp`;
      await using client = await connectByOAuth("v2", url, wallet);
      assert.equal((await client.tools()).length, 3);
      assert.equal(wallet.asked.length, 1);
      assert.match(wallet.asked[0] ?? "", /^db:use\b/);
      assert.equal((await others.verbs.listTools()).tools.length, 3);

      const log = join(folder.path, "mcp-front.log");
      writeFileSync(log, gateway.logs());
      const usage = run(["tokens", "-config", gateway.file, "-log", log]);
      assert.match(usage, /^alice +20\d\d-/m);
      assert.match(usage, /^ci +never/m);
      assert.match(usage, /^oauth:alice\/\S+ +20\d\d-.* by OAuth +/m);
    },
  );

  it(
    "ends without tokens: who still has one is cut off, who logged in is not",
    LIMIT,
    async () => {
      await using server = await OidcIssuer.start();
      const port = String(await freePort());
      const config = at(both, server.issuer, port);
      await using gateway = await startGateway({
        config,
        env: ENVIRONMENT,
        how: "deno",
      });
      const url = `${gateway.url}/database/mcp`;
      const late = await byToken(url);
      const wallet = new Wallet();
      await using client = await connectByOAuth("v2", url, wallet);
      writeFileSync(`${gateway.file}.new`, at(moved, server.issuer, port));
      renameSync(`${gateway.file}.new`, gateway.file);
      const { changes } = await gateway.logged("Configuration reloaded");
      assert.match(String(changes), /changed proxy\.auth \(staticPath\)/);
      assert.match(String(changes), /removed token alice, removed token ci/);
      await assert.rejects(late.verbs.listTools());
      await assert.rejects(byToken(url));
      assert.equal((await client.tools()).length, 3);
      assert.equal(wallet.asked.length, 1);
      await assert.rejects(byToken(`${gateway.url}/static/mcp`));
    },
  );
});
