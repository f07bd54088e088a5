// Everything printed in the README is true: its commands run, its snippets are read.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { CLIENT_NAMES } from "../lib/cli/connect/client_names.ts";
import type { Client } from "../lib/cli/connect/clients.ts";
import { readConfig } from "../mod.ts";
import { startGateway } from "./support/gateway_process.ts";
import { blocksIn, blocksOf } from "./support/markdown.ts";
import { TemporaryFolder } from "./support/temporary_folder.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const README = join(ROOT, "README.md");
const page = readFileSync(README, "utf8");
const blocks = blocksOf(README);
const PROMISED_BLOCKS = 30;

function command(beginning: string): string {
  return shown("sh", beginning);
}

function shown(language: string, beginning: string): string {
  const found = blocks.find((block) =>
    block.language === language && block.text.startsWith(beginning)
  );
  assert.ok(found, `the README shows nothing that begins with "${beginning}"`);
  return found.text;
}

/** The blocks below a heading of the second level. */
function blocksBelow(heading: string) {
  const [, rest = ""] = page.split(`\n## ${heading}\n`);
  return blocksIn(rest.split("\n## ")[0] ?? "");
}

function tasks(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")).tasks;
}

function bash(script: string, env: Record<string, string> = {}) {
  return spawnSync("bash", ["-c", script], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

describe("the README", () => {
  it("has every block these tests know of, and no other", () => {
    assert.equal(blocks.length, PROMISED_BLOCKS);
  });

  it("names tasks that exist", () => {
    const named = page.matchAll(/deno(?:@[\d.]+)? task (\w+)/g);
    for (const [, name = ""] of named) assert.ok(name in tasks(), name);
  });

  it("shows a configuration that is complete", () => {
    const text = blocks.find(({ language }) => language === "jsonc")?.text;
    const { config, problems } = readConfig(text ?? "", {
      file: "README.md",
      directory: ROOT,
      environment: { ALICE_TOKEN: "a-token-of-some-length", PATH: "/bin" },
      platform: process.platform,
    });
    const errors = problems.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors, []);
    assert.deepEqual(config?.servers.map(({ name }) => name), [
      "files",
      "database",
    ]);
  });

  it("shows for each client what the program prints for it", async () => {
    await using folder = await TemporaryFolder.create();
    const file = join(folder.path, "config.jsonc");
    writeFileSync(file, shown("jsonc", "{"));
    const { stdout, stderr } = bash(
      `dist/mcp-front connect -config '${file}' -server files -json`,
    );
    assert.equal(stderr, "");
    const { clients } = JSON.parse(stdout) as { clients: Client[] };
    assert.equal(clients.length, CLIENT_NAMES.length);
    const printed = clients.flatMap(({ snippets }) =>
      snippets.map(({ language, text }) => ({ language, text }))
    );
    const documented = blocksBelow("Clients");
    assert.deepEqual(documented, printed);
    for (const { title, snippets } of clients) {
      const [name] = title.split(",");
      assert.ok(page.includes(`**${name}**`), name);
      for (const { place } of snippets) {
        assert.ok(place === "a shell" || page.includes(`\`${place}\``), place);
      }
    }
  });

  it("prints a check command that the gate runs", () => {
    const gate = readFileSync(join(ROOT, ".ci/run"), "utf8");
    assert.ok(gate.includes(command("npx -y deno@2.9.6 task ok")));
    command("npx -y deno@2.9.6 task test");
  });

  it("lists commands and flags that the program has", () => {
    const help = bash("dist/mcp-front -help").stdout;
    const rows = [...page.matchAll(/^\| `mcp-front (.+?)` /gm)];
    assert.ok(rows.length >= 8);
    for (
      const word of rows.flatMap(([, line = ""]) => line.match(/-?[a-z]+/g))
    ) {
      assert.ok(help.includes(word ?? ""), `${word}`);
    }
  });

  it("has a command that checks a file", () => {
    const path = [join(ROOT, "dist"), process.env.PATH].join(delimiter);
    const { status, stderr } = bash(command("mcp-front -validate"), {
      PATH: path,
    });
    assert.equal(status, 0, stderr);
  });

  it("links to files that exist", () => {
    for (const [, path = ""] of page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(ROOT, path)), path);
    }
  });
});

describe("the first minute of the README", () => {
  it("starts the gateway, and its curl lines get the answer that is shown", async () => {
    const config = readFileSync(join(ROOT, "config.dev.jsonc"), "utf8")
      .replace('"127.0.0.1:8080"', '"127.0.0.1:0"');
    assert.match(command("npx"), /^npx -y deno@[\d.]+ task start$/);
    await using gateway = await startGateway({ config, directory: ROOT });
    const script = command("export MCP_TOKEN=")
      .replace("MCP_TOKEN=…", "MCP_TOKEN=dev-token-123")
      .replace("http://localhost:8080", gateway.url);
    const { stdout, status } = bash(script);
    assert.equal(status, 0);
    const answer = JSON.parse(stdout.replace(/^[\s\S]*?data: (?=\{)/, ""));
    assert.equal(answer.result.content[0].text, shown("text", "| bug "));
  });

  it("shows a log line as the program writes it", async () => {
    const shown = blocks.map(({ text }) => text)
      .find((text) => text.includes("Authenticated request"));
    await using gateway = await startGateway({
      config: {
        proxy: {
          addr: "127.0.0.1:0",
          auth: { kind: "bearer_token", tokens: { alice: "alice-0123456789" } },
        },
        mcpServers: { files: { command: "cat" } },
      },
    });
    await fetch(`${gateway.url}/files/mcp`, {
      method: "POST",
      headers: { authorization: "Bearer alice-0123456789" },
    });
    const line = await gateway.logged("Authenticated request");
    assert.deepEqual(Object.keys(line), Object.keys(JSON.parse(shown ?? "")));
  });
});
