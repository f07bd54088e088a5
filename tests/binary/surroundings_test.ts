// The executable in places that others have prepared: folders, log readers, clients.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { GatewayProcess, startGateway } from "../support/gateway_process.ts";
import { commandOf } from "../support/program.ts";
import { configWith, SOME } from "../support/simple_config.ts";

/** A variable that only the files of the folder set. */
const VARIABLE = "SET_BY_THE_FOLDER";

/** A folder in which every file that a runtime may look for asks it to run something, sets a variable, or is rubbish. */
class HostileFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "mcp-front-hostile-"));
  readonly #marker = join(this.path, "ran");

  constructor() {
    const marker = JSON.stringify(this.#marker);
    const evil = `require("node:fs").writeFileSync(${marker}, "")`;
    const variables = `${VARIABLE}=a-token-of-some-length\nLOG_LEVEL=loud\n`;
    const files = {
      "evil.cjs": evil,
      "bunfig.toml":
        'preload = ["./evil.cjs"]\n[run]\npreload = ["./evil.cjs"]\n',
      ".env": variables,
      ".env.local": variables,
      ".env.production": variables,
      "tsconfig.json": "{ not json",
      "package.json": "{ not json",
      "deno.json": "{ not json",
      "node_modules/jsonc-parser/package.json":
        '{ "name": "jsonc-parser", "main": "../../evil.cjs" }',
    };
    mkdirSync(join(this.path, "node_modules/jsonc-parser"), {
      recursive: true,
    });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.path, name), text);
    }
  }

  /** Whether anything of it was run. */
  get ran(): boolean {
    return existsSync(this.#marker);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

describe("the executable in a folder of someone else", () => {
  it("serves, runs nothing of the folder and reads no settings from it", async () => {
    using folder = new HostileFolder();
    await using gateway = await startGateway({
      config: configWith(SOME),
      directory: folder.path,
    });
    assert.equal((await fetch(`${gateway.url}/health`)).status, 200);
    await gateway.stop();
    assert.ok(!folder.ran);
  });

  it("does not see variables that the folder's files set", async () => {
    using folder = new HostileFolder();
    const auth = { kind: "bearer_token", tokens: { dev: `$env:${VARIABLE}` } };
    const gateway = new GatewayProcess({
      config: configWith(SOME, { auth }),
      directory: folder.path,
    });
    assert.equal((await gateway.ended).code, 2, gateway.logs());
    assert.match(gateway.logs(), new RegExp(`${VARIABLE}.{0,40}not set`));
    assert.ok(!folder.ran);
  });

  it("only prints its version when asked to", () => {
    using folder = new HostileFolder();
    const [binary] = commandOf("binary");
    const { stdout, stderr } = spawnSync(binary, ["-version"], {
      cwd: folder.path,
      encoding: "utf8",
    });
    assert.match(stdout, /^mcp-front [\d.]+\n$/);
    assert.equal(stderr, "");
    assert.ok(!folder.ran);
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
