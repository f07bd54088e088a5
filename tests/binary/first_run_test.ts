// The first minutes of the README, literally: from an empty folder with only the executable in it to an answer in SQL.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { connectOfficial, SDKS } from "../support/connect_official.ts";
import { blocksOf } from "../support/markdown.ts";
import { commandOf, ROOT } from "../support/program.ts";
import { Seen } from "../support/seen.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const { version } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
const DOWNLOAD = `mcp-front-${version}-linux-x64`;
const blocks = blocksOf(join(ROOT, "README.md"));
const SQL = "SELECT count(*) AS bugs FROM bugs";

function shown(language: string, beginning: string): string {
  const found = blocks.find((block) =>
    block.language === language && block.text.startsWith(beginning)
  );
  assert.ok(found, `the README shows nothing that begins with ${beginning}`);
  return found.text;
}

/** Times and the version differ from one run to the next, and the width of their columns with them. */
function normal(table: string): string {
  return table.replaceAll(/\d+(\.\d+)? m?s\b/g, "TIME")
    .replaceAll(/\d+\.\d+\.\d+/g, "VERSION").replaceAll(/ {2,}/g, "  ");
}

describe("the first run", () => {
  let folder: TemporaryFolder;
  let gateway: ChildProcess;
  let url = "";
  let token = "";
  const log = new Seen<string>((line) => line);
  const began = performance.now();

  function bash(script: string) {
    const { status, stdout, stderr } = spawnSync("bash", ["-ec", script], {
      cwd: folder.path,
      encoding: "utf8",
      env: { ...process.env, LOG_FORMAT: "json" },
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  before(async () => {
    folder = await TemporaryFolder.create();
    const [binary] = commandOf("binary");
    copyFileSync(binary, join(folder.path, DOWNLOAD));
    const digest = createHash("sha256").update(readFileSync(binary));
    const other = `${"0".repeat(64)}  mcp-front-${version}-darwin-arm64\n`;
    const sums = `${digest.digest("hex")}  ${DOWNLOAD}\n${other}`;
    writeFileSync(join(folder.path, "SHA256SUMS"), sums);
  });

  after(async () => {
    if (gateway?.exitCode === null) {
      const closed = new Promise((resolve) => gateway.once("close", resolve));
      process.kill(gateway.pid as number, "SIGTERM");
      await closed;
    }
    await folder[Symbol.asyncDispose]();
  });

  it("checks the download and makes it a program", () => {
    assert.equal(bash(shown("sh", "sha256sum")), `${DOWNLOAD}: OK\n`);
    assert.deepEqual(readdirSync(folder.path).sort(), [
      "SHA256SUMS",
      "mcp-front",
    ]);
  });

  it("writes a configuration, and shows that its server is ready", () => {
    const [init = "", check = "", serve] = shown("sh", "./mcp-front init")
      .split("\n");
    const told = bash(init);
    assert.match(told, /^config\.jsonc is written/);
    token = /^ {4}(\S+)$/m.exec(told)?.[1] ?? "";
    assert.notEqual(token, "");
    const table = bash(check).trimEnd();
    assert.equal(normal(table), normal(shown("text", "server ")));
    assert.equal(serve, "./mcp-front");
  });

  it("runs with nothing else installed", async () => {
    const file = join(folder.path, "config.jsonc");
    const text = readFileSync(file, "utf8");
    assert.ok(!text.includes(token));
    // Any free port, so that it gets along with whatever else runs here.
    writeFileSync(file, text.replace("127.0.0.1:8080", "127.0.0.1:0"));
    gateway = spawn("./mcp-front", [], {
      cwd: folder.path,
      env: { PATH: "" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    assert.ok(gateway.stderr);
    createInterface(gateway.stderr).on("line", (line) => log.add(line));
    const line = await log.until(
      "Listening",
      (one) => one.includes('"Listening"'),
    );
    url = JSON.parse(line).url;
  });

  it("answers in SQL through curl, as shown", () => {
    const script = shown("sh", "export MCP_TOKEN=")
      .replace("MCP_TOKEN=…", `MCP_TOKEN='${token}'`)
      .replace("http://localhost:8080", url);
    const { result } = JSON.parse(
      bash(script).replace(/^[\s\S]*?data: (?=\{)/, ""),
    );
    assert.equal(result.content[0].text, shown("text", "| bug "));
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`from the empty folder to the answer: ${seconds} s`);
  });

  for (const sdk of SDKS) {
    for (const transport of ["streamable-http", "sse"] as const) {
      it(`answers the official client (${sdk}, ${transport})`, async () => {
        const leaf = transport === "sse" ? "sse" : "mcp";
        await using client = await connectOfficial(sdk, {
          transport,
          url: `${url}/database/${leaf}`,
          token,
        });
        const { structuredContent } = await client
          .callTool("query", { sql: SQL });
        const { rows } = structuredContent as { rows: unknown };
        assert.deepEqual(rows, [[38]]);
      });
    }
  }

  it("leaves no token in the log", () => {
    const text = log.all.join("\n");
    assert.match(text, /"token_name":"dev"/);
    assert.ok(!text.includes(token));
  });
});
