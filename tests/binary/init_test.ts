// `mcp-front init`: the file to begin with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { digestOf } from "../../lib/auth/token.ts";
import { readConfig } from "../../mod.ts";
import { commandOf } from "../support/program.ts";

const parent = mkdtempSync(join(tmpdir(), "mcp-front-init-"));
after(() => rmSync(parent, { recursive: true }));

function emptyFolder(): string {
  return mkdtempSync(join(parent, "empty-"));
}

function run(cwd: string, ...args: string[]) {
  const [binary] = commandOf("binary");
  return spawnSync(binary, args, { cwd, encoding: "utf8" });
}

/** The SHA-256 of each token. */
function digestsOf(file: string): Map<string, string> {
  const { config } = readConfig(readFileSync(file, "utf8"), {
    file,
    directory: parent,
    environment: {},
    platform: process.platform,
  });
  const tokens = [...config?.tokens ?? []];
  for (const [, { value }] of tokens) assert.equal(value, undefined);
  return new Map(
    tokens.map(([name, { digest }]) => [name, digest.reveal()]),
  );
}

describe("mcp-front init", () => {
  it("writes a config.jsonc that is valid without a warning", () => {
    const cwd = emptyFolder();
    const { status, stderr, stdout } = run(cwd, "init");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^config\.jsonc is written: /);
    const { stdout: verdict } = run(cwd, "-validate");
    assert.equal(verdict, "config.jsonc is valid: 0 errors, 0 warnings\n");
  });

  it("makes a new strong token each time, prints it once, and writes its hash", () => {
    const values = [emptyFolder(), emptyFolder()].map((cwd) => {
      const { stdout } = run(cwd, "init");
      const [, token = ""] = /^ {4}([A-Za-z0-9_-]{43})$/m.exec(stdout) ?? [];
      assert.equal(stdout.split(token).length, 2);
      const file = join(cwd, "config.jsonc");
      assert.deepEqual([...digestsOf(file)], [["dev", digestOf(token)]]);
      assert.ok(!readFileSync(file, "utf8").includes(token));
      return token;
    });
    assert.notEqual(values[0], values[1]);
  });

  it("lets nobody but its owner read the file", () => {
    const cwd = emptyFolder();
    run(cwd, "init");
    const { mode } = statSync(join(cwd, "config.jsonc"));
    assert.equal(mode & 0o777, 0o600);
  });

  it("names the file that was asked for in what it says and writes", () => {
    const cwd = emptyFolder();
    const { stdout } = run(cwd, "init", "-config", "my gateway.jsonc");
    assert.match(stdout, /mcp-front check -config 'my gateway\.jsonc'$/m);
    const text = readFileSync(join(cwd, "my gateway.jsonc"), "utf8");
    assert.match(text, /mcp-front -config 'my gateway\.jsonc'/);
  });

  it("prints commands that run as they are, also for an odd name", () => {
    const cwd = emptyFolder();
    const { stdout } = run(cwd, "init", "-config=-odd.jsonc");
    const commands = stdout.match(/^ {2}\S.*$/gm) ?? [];
    assert.equal(commands.length, 2);
    const { status, stderr } = spawnSync("bash", ["-c", commands[0] ?? ""], {
      cwd,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  it("names the program as it was called", () => {
    const cwd = emptyFolder();
    symlinkSync(commandOf("binary")[0], join(cwd, "mcp-front"));
    const { stdout } = spawnSync("bash", ["-c", "./mcp-front init"], {
      cwd,
      encoding: "utf8",
    });
    assert.match(stdout, /^ {2}\.\/mcp-front check\n {2}\.\/mcp-front$/m);
  });

  it("writes examples that are valid once their slashes are taken away", () => {
    const cwd = emptyFolder();
    run(cwd, "init");
    const file = join(cwd, "config.jsonc");
    const text = readFileSync(file, "utf8");
    const opened = text.replaceAll(/^ {4}\/\/ (?=["}]| {2}")/gm, "    ");
    assert.notEqual(opened, text);
    writeFileSync(file, opened);
    assert.match(run(cwd, "-validate").stdout, /is valid: 0 errors/);
  });

  it("does not put itself before a config.json", () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "config.json"), "{}");
    const { status, stderr } = run(cwd, "init");
    assert.equal(status, 1);
    assert.match(stderr, /error: config\.json exists already/);
    assert.ok(!existsSync(join(cwd, "config.jsonc")));
  });

  it("never overwrites a file", () => {
    const cwd = emptyFolder();
    run(cwd, "init");
    const before = readFileSync(join(cwd, "config.jsonc"), "utf8");
    const { status, stdout, stderr } = run(cwd, "init");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.equal(
      stderr,
      "mcp-front: error: config.jsonc exists already\n" +
        "mcp-front: hint: write another file: mcp-front init -config FILE\n",
    );
    assert.equal(readFileSync(join(cwd, "config.jsonc"), "utf8"), before);
  });

  it("says so where it cannot write", () => {
    const { status, stderr } = run(parent, "init", "-config", "none/x.jsonc");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^mcp-front: error: cannot write none\/x\.jsonc: its folder does not exist$/m,
    );
  });
});
