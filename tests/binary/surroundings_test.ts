// The executable in places that others have prepared: folders, log readers, clients.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import { commandOf } from "../support/program.ts";
import { configWith, SOME } from "../support/simple_config.ts";

describe("the executable in a folder of someone else", () => {
  it("runs nothing of its bunfig.toml and reads nothing of its .env", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mcp-front-hostile-"));
    const marker = join(folder, "ran");
    const evil = `require("node:fs").writeFileSync(${
      JSON.stringify(marker)
    }, "")`;
    writeFileSync(join(folder, "evil.ts"), evil);
    writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
    writeFileSync(join(folder, ".env"), "LOG_LEVEL=from-the-folder\n");
    writeFileSync(join(folder, "tsconfig.json"), "{ not json");
    try {
      await using gateway = await startGateway({
        config: configWith(SOME),
        directory: folder,
      });
      assert.equal((await fetch(`${gateway.url}/health`)).status, 200);
      assert.ok(!existsSync(marker));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the executable whose log nobody reads", () => {
  const REQUESTS = 2_000;
  /** Reads one line of the log, and no more; stops the gateway when told to. */
  const UNREAD = `
    mkfifo pipe && exec 3<>pipe
    "$0" -config "$1" 2>pipe &
    read -r line <&3 && echo "$line"
    read -r word
    kill $! && wait $!
    echo "ended with $?"`;

  it("goes on answering, and loses no line once it is read again", async () => {
    await using gateway = await startGateway({ config: configWith(SOME) });
    gateway.child.stderr?.pause();
    const url = `${gateway.url}/some/mcp`;
    const statuses = new Set<number>();
    for (let i = 0; i < REQUESTS; i++) {
      const answer = await fetch(url, { method: "POST" });
      statuses.add(answer.status);
      await answer.text();
    }
    assert.deepEqual([...statuses], [401]);
    gateway.child.stderr?.resume();
    await gateway.stop();
    const refusals = gateway.logs().match(/"msg":"Request refused"/g) ?? [];
    assert.equal(refusals.length, REQUESTS);
  });

  it("stops in time all the same", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mcp-front-unread-"));
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify(configWith(SOME)));
    const [binary] = commandOf("binary");
    const shell = spawn("bash", ["-c", UNREAD, binary, file], {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const said = createInterface(shell.stdout)[Symbol.asyncIterator]();
    const { url } = JSON.parse((await said.next()).value ?? "");
    for (let i = 0; i < REQUESTS; i++) {
      const answer = await fetch(`${url}/some/mcp`, { method: "POST" });
      await answer.text();
    }
    shell.stdin.end("stop\n");
    assert.equal((await said.next()).value, "ended with 0");
    rmSync(folder, { recursive: true });
  });

  it("goes on when its reader has left for good", async () => {
    await using gateway = await startGateway({ config: configWith(SOME) });
    gateway.child.stderr?.destroy();
    for (let i = 0; i < 20; i++) {
      const answer = await fetch(`${gateway.url}/some/mcp`, { method: "POST" });
      assert.equal(answer.status, 401);
    }
    assert.deepEqual(await gateway.stop(), { code: 0, signal: null });
  });
});

describe("the executable and what clients send", () => {
  it("takes headers up to 60 KiB", async () => {
    await using gateway = await startGateway({ config: configWith(SOME) });
    const long = "x".repeat(60 * 1024);
    const answer = await fetch(`${gateway.url}/health`, {
      headers: { "x-long": long },
    });
    assert.equal(answer.status, 200);
  });
});
