// `mcp-front tokens` as a process, on what a gateway has logged.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { commandOf } from "../support/program.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const here = "Deno" in globalThis ? "deno" : "bun";

const CONFIG = configWith({ files: { command: "no-such-program" } }, {
  auth: {
    kind: "bearer_token",
    tokens: { alice: "$env:NOT_SET", idle: "$env:NOT_SET_EITHER" },
  },
});

interface Told {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `mcp-front tokens` in a folder with these files. */
async function tokens(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  input = "",
): Promise<Told> {
  await using folder = await TemporaryFolder.create();
  const all = { "config.json": JSON.stringify(CONFIG), ...files };
  for (const [name, content] of Object.entries(all)) {
    writeFileSync(join(folder.path, name), content);
  }
  const [command, ...first] = commandOf(here);
  const { status, stdout, stderr } = spawnSync(
    command,
    [...first, "tokens", ...args],
    { cwd: folder.path, encoding: "utf8", input },
  );
  return { status, stdout, stderr };
}

let log = "";

before(async () => {
  await using gateway = await startGateway({ files: { command: "cat" } });
  const ask = async (path: string, token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const url = `${gateway.url}${path}`;
    await (await fetch(url, { method: "POST", headers })).text();
  };
  await ask("/files/mcp", TOKENS.alice);
  await ask("/mcp", TOKENS.alice);
  await ask("/nowhere", TOKENS.bob);
  await ask("/files/mcp", "a-wrong-token-0123456789");
  log = `${await gateway.logText()}\n`;
});

describe("mcp-front tokens", () => {
  it(
    "tells of several logs, compressed or not and from stdin, when each token was used",
    LIMIT,
    async () => {
      const lines = log.split("\n");
      const files = {
        "a.log.1.gz": Uint8Array.from([
          ...gzipSync(`${lines[0]}\n`),
          ...gzipSync(`${lines.slice(1, 3).join("\n")}\n`),
        ]),
        "a.log": lines.slice(3).join("\n"),
      };
      const args = ["-log", "a.log", "-log", "a.log.1.gz", "-json"];
      const { status, stdout, stderr } = await tokens(args, files);
      assert.deepEqual([status, stderr], [0, ""]);
      const report = JSON.parse(stdout);
      assert.deepEqual(report.logs, ["a.log", "a.log.1.gz"]);
      assert.deepEqual([report.requests, report.skipped], [2, 0]);
      const [alice, idle, bob, ...others] = report.tokens;
      assert.deepEqual(others, []);
      assert.equal(alice.requests, 2);
      assert.deepEqual(alice.servers, ["files"]);
      assert.ok(alice.first_seen <= alice.last_used);
      assert.deepEqual(idle, {
        name: "idle",
        in_config: true,
        expires: null,
        last_used: null,
        first_seen: null,
        requests: 0,
        servers: [],
      });
      assert.deepEqual([bob.in_config, bob.requests], [false, 0]);
      assert.ok(bob.last_used);

      const piped = await tokens(["-log", "-", "-json"], {}, log);
      assert.deepEqual(JSON.parse(piped.stdout).tokens, report.tokens);
    },
  );

  it("prints a table", LIMIT, async () => {
    const { status, stdout } = await tokens(["-log", "a.log"], {
      "a.log": log,
    });
    assert.equal(status, 0);
    assert.match(stdout, /^token +last used +first seen +requests/);
    assert.match(stdout, /^idle +never +0 +without end$/m);
    assert.match(stdout, /^bob +2\d{3}-.*Z +2\d{3}-.*Z +0 +not in the file$/m);
  });

  const wrong: [string, readonly string[], string, number, RegExp][] = [
    ["no log", [], "", 2, /needs the log of the gateway/],
    ["one that is not there", ["-log", "b.log"], "", 1, /ENOENT/],
    [
      "one in the text form",
      ["-log", "-"],
      "10:00:00.123 INFO Listening\n10:00:01.123 INFO Stopped\n",
      1,
      /no line of - is JSON\n.*LOG_FORMAT=json.*-o cat/,
    ],
  ];
  for (const [what, args, input, code, message] of wrong) {
    it(`refuses ${what}`, LIMIT, async () => {
      const { status, stdout, stderr } = await tokens(args, {}, input);
      assert.deepEqual([status, stdout], [code, ""]);
      assert.match(stderr, message);
    });
  }

  it("refuses one that is not whole", LIMIT, async () => {
    const cut = gzipSync(log.repeat(10)).subarray(0, 100);
    const end = await tokens(["-log", "a.gz"], { "a.gz": cut });
    assert.deepEqual([end.status, end.stdout], [1, ""]);
    assert.match(end.stderr, /cannot read the log a\.gz \(Z_/);
  });
});
