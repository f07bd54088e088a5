// What docs/ci.md shows is true: its step runs, on its configuration.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { shellWord } from "../lib/cli/shell_word.ts";
import { clientWords } from "./support/exec_run.ts";
import { serveHttp } from "./support/http_server.ts";
import { blocksOf } from "./support/markdown.ts";
import { answerStreamable } from "./support/plain_backend.ts";
import { ROOT } from "./support/program.ts";
import { LIMIT } from "./support/shared_gateway.ts";
import { TemporaryFolder } from "./support/temporary_folder.ts";

const PAGE = join(ROOT, "docs", "ci.md");
const text = readFileSync(PAGE, "utf8");

interface Step {
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function shown(language: string): string {
  const found = blocksOf(PAGE).filter((block) => block.language === language);
  assert.equal(found.length, 1, language);
  return found[0]?.text ?? "";
}

describe("the page about CI", () => {
  it(
    "shows a step that runs on the configuration it shows",
    LIMIT,
    async () => {
      const [run, upload, ...others] = parse(shown("yaml")) as Step[];
      assert.deepEqual(others, []);
      await using folder = await TemporaryFolder.create();
      await using issues = await serveHttp(answerStreamable);
      const config = shown("jsonc")
        .replace("https://issues.example.com", issues.origin);
      writeFileSync(join(folder.path, "mcp-front.jsonc"), config);
      // What the step has npm run.
      const words = clientWords(
        ...["/mcp", "database__query", "/issues/mcp", "close_issue"],
      );
      const line = words.map(shellWord).join(" ");
      const npm = `#!/bin/sh\nexec ${line} > told.json\n`;
      writeFileSync(join(folder.path, "npm"), npm, { mode: 0o700 });
      const path = [join(ROOT, "dist"), folder.path, process.env.PATH];
      const step = spawn("bash", ["-ec", run?.run ?? ""], {
        cwd: folder.path,
        env: { ...process.env, ...run?.env, PATH: path.join(delimiter) },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      step.stderr.setEncoding("utf8").on("data", (text) => said += text);
      const [code] = await once(step, "close");
      assert.equal(code, 0, said);
      const told = readFileSync(join(folder.path, "told.json"), "utf8");
      const { calls, env } = JSON.parse(told);
      // The database has its own mind about arguments that are none of its own.
      assert.match(calls[0], /^(?:done|error): /);
      assert.match(
        calls[1],
        /"close_issue" of server "issues": .* does not list/,
      );
      for (const name of Object.keys(run?.env ?? {})) {
        assert.ok(!Object.hasOwn(env, name), name);
      }
      assert.ok(upload?.if === "always()" && upload.with?.path);
      const summary = readFileSync(join(folder.path, upload.with.path), "utf8");
      assert.match(summary, /<testcase classname="database" name="query"/);
    },
  );

  it("names the members of the summary", LIMIT, async () => {
    const [, after = ""] = text.split("| `version`");
    const named = [..."`version`".concat(after).matchAll(/`(\w+)`/g)];
    await using folder = await TemporaryFolder.create();
    writeFileSync(join(folder.path, "config.jsonc"), shown("jsonc"));
    const args = ["exec", "-only", "database", "-summary", "a.json"];
    const { status } = spawnSync(
      join(ROOT, "dist", "mcp-front"),
      [...args, "--", "true"],
      { cwd: folder.path, env: { ...process.env, ISSUES_AUTHORIZATION: "x" } },
    );
    assert.equal(status, 0);
    const written = readFileSync(join(folder.path, "a.json"), "utf8");
    const members = [...written.matchAll(/"(\w+)":/g)].map(([, name]) => name);
    const names = new Set(named.map(([, name]) => name));
    for (const member of members) assert.ok(names.has(member), member);
  });
});
