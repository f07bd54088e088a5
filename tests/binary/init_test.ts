// `mcp-front init`: the file to begin with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
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

function tokensOf(file: string): Map<string, string> {
  const { config } = readConfig(readFileSync(file, "utf8"), {
    file,
    directory: parent,
    environment: {},
    platform: process.platform,
  });
  const tokens = [...config?.tokens ?? []];
  return new Map(tokens.map(([name, secret]) => [name, secret.reveal()]));
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

  it("makes a new strong token each time, and does not print it", () => {
    const values = [emptyFolder(), emptyFolder()].map((cwd) => {
      const { stdout } = run(cwd, "init");
      const tokens = tokensOf(join(cwd, "config.jsonc"));
      assert.deepEqual([...tokens.keys()], ["dev"]);
      const value = tokens.get("dev") as string;
      assert.equal(atob(value).length, 32);
      assert.ok(!stdout.includes(value));
      return value;
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
    assert.match(stdout, /^ {2}mcp-front check -config 'my gateway\.jsonc'$/m);
    const text = readFileSync(join(cwd, "my gateway.jsonc"), "utf8");
    assert.match(text, /mcp-front -config 'my gateway\.jsonc'/);
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
    assert.match(stderr, /^mcp-front: error: cannot write none\/x\.jsonc/);
  });
});
