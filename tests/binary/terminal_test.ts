// What a person sees who starts mcp-front at a terminal.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { commandOf } from "../support/program.ts";
import { PuppetServer } from "../support/puppet_server.ts";
import { Seen } from "../support/seen.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import { initialize, post } from "../support/streamable_session.ts";

/** `script` of util-linux gives a program a terminal. */
const HAS_SCRIPT =
  spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;
const LIMIT = { timeout: 20_000 };
const WHY_SKIPPED = "needs the command `script` of util-linux";

async function atTerminal(
  mcpServers: Record<string, unknown>,
  test: (screen: Seen<string>, terminal: ChildProcess) => Promise<void>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "mcp-front-terminal-"));
  const file = join(folder, "config.jsonc");
  writeFileSync(file, JSON.stringify(configWith(mcpServers)));
  const [binary] = commandOf("binary");
  const child = spawn("script", [
    "-qec",
    `'${binary}' -config config.jsonc`,
    "/dev/null",
  ], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const screen = new Seen<string>((line) => line);
  createInterface(child.stdout).on(
    "line",
    (line) => screen.add(line.trimEnd()),
  );
  const closed = new Promise((resolve) => child.once("close", resolve));
  try {
    await test(screen, child);
  } finally {
    if (!child.killed) child.stdin.write("\u0003"); // Ctrl-C
    await closed;
    rmSync(folder, { recursive: true });
  }
  return screen.all.join("\n").replaceAll("\u001b", "ESC");
}

describe("a terminal that is closed", () => {
  it("ends the mcp-front in it", LIMIT, async (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    await using puppet = await PuppetServer.start();
    await atTerminal({ puppet: puppet.entry }, async (screen, terminal) => {
      const banner = await screen.until(
        "the banner",
        (one) => /http:/.test(one),
      );
      const url = new URL(/http:[\w/.:]+/.exec(banner)?.[0] ?? "").origin;
      const body = initialize();
      const begun = post(`${url}/puppet/mcp`, DEV_TOKEN, body);
      await Promise.all([begun, puppet.hello()]);
      terminal.kill("SIGKILL");
      await puppet.gone;
      // It answers until its last child is gone, and not for long after that.
      const isThere = () =>
        fetch(`${url}/health`).then(() => true, () => false);
      while (await isThere());
    });
  });
});

describe("mcp-front at a terminal", () => {
  it("shows servers, tokens and a curl line that works", async (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    await using puppet = await PuppetServer.start();
    const servers = {
      files: { ...puppet.entry, authTokens: ["dev"] },
      everything: { command: "true" },
    };
    const text = await atTerminal(servers, async (screen) => {
      const line = await screen.until("curl", (one) => /^\s+curl /.test(one));
      await screen.until("claude", (one) => one.includes("claude mcp add"));
      const child = spawn("bash", ["-c", line], {
        env: { ...process.env, MCP_TOKEN: DEV_TOKEN },
        stdio: ["ignore", "pipe", "inherit"],
      });
      await puppet.hello();
      let answer = "";
      for await (const chunk of child.stdout) answer += chunk;
      assert.match(answer, /"serverInfo":\{"name":"puppet"/);
    });
    assert.match(
      text,
      /^ESC\[1mmcp-front \d+\.\d+\.\d+, .* is listening on http:/,
    );
    assert.match(
      text,
      /^ +files +http:\/\/127\.0\.0\.1:\d+\/files\/mcp +for dev$/m,
    );
    assert.match(
      text,
      /^ +everything +http:\S+\/everything\/mcp +for any token$/m,
    );
    assert.match(
      text,
      /^ +claude mcp add --transport http mcp-front http:\S+\d\/mcp --header "Authorization: Bearer \$MCP_TOKEN"$/m,
    );
    assert.match(text, / INFO +Stopped$/m);
    assert.doesNotMatch(text, /^\{/m);
    assert.ok(!text.includes(DEV_TOKEN));
  });
});

describe("colours", () => {
  const COLOUR = /ESC\[\d+m/;

  function shown(command: string, env: Record<string, string>): string {
    const { NO_COLOR: _unset, ...rest } = process.env;
    const usual = { ...rest, TERM: "xterm-256color" };
    const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
      encoding: "utf8",
      env: { ...usual, ...env },
    });
    return stdout.replaceAll("\u001b", "ESC");
  }

  const [binary] = commandOf("binary");
  const refused = `'${binary}' -no-such-option`;

  it("mark the error and the hint at a terminal", (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const text = shown(refused, {});
    assert.match(text, /^mcp-front: ESC\[31merror:ESC\[39m there is no /);
    assert.match(text, /^mcp-front: ESC\[36mhint:ESC\[39m /m);
  });

  it("mark the problems of a configuration", (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const problems = shown(`'${binary}' -validate -config none.jsonc`, {});
    assert.match(problems, /^none\.jsonc:1:1: ESC\[31merrorESC\[39m: /m);
  });

  for (const [variable, value] of [["NO_COLOR", "1"], ["TERM", "dumb"]]) {
    it(`are absent with ${variable}=${value}`, (t) => {
      if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
      const text = shown(refused, { [variable as string]: value as string });
      assert.match(text, /^mcp-front: error: there is no option/);
      assert.doesNotMatch(text, COLOUR);
    });
  }

  it("are absent in a log of JSON lines, also at a terminal", (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const env = { LOG_FORMAT: "json" };
    const text = shown(`'${binary}' -config none.jsonc`, env);
    assert.match(text, /^\{"time":.*"level":"ERROR"/);
    assert.doesNotMatch(text, COLOUR);
  });

  it("are absent in a file, though the program was started at a terminal", (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const text = shown(`${refused} 2>&1 | cat`, {});
    assert.match(text, /^mcp-front: error: there is no option/);
    assert.doesNotMatch(text, COLOUR);
  });
});
