// The ways to deploy fit the program: files, ports, time limits, and what systemd thinks of the unit.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { FLUSH_LIMIT_MS, SHUT_DOWN_LIMIT_MS } from "../lib/cli/shut_down.ts";
import { PLATFORMS } from "../tasks/release/platforms.ts";
import { blocksOf } from "./support/markdown.ts";
import { ROOT } from "./support/program.ts";

const dockerfile = readFileSync(join(ROOT, "deploy/Dockerfile"), "utf8");
const unit = readFileSync(join(ROOT, "deploy/mcp-front.service"), "utf8");
const page = join(ROOT, "deploy/README.md");

const folder = mkdtempSync(join(tmpdir(), "mcp-front-deploy-"));
after(() => rmSync(folder, { recursive: true }));

/** The values that a key has in the unit. */
function valuesOf(key: string): string[] {
  return unit.split("\n").filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));
}

function commandsOf(file: string): string {
  return blocksOf(file).filter(({ language }) => language === "sh")
    .map(({ text }) => text).join("\n");
}

describe("deploy/Dockerfile", () => {
  it("takes files that a release has, one for each architecture it names", () => {
    const copies = [...dockerfile.matchAll(
      /^FROM base AS (\w+)\nCOPY --chmod=755 mcp-front-\*-(\S+) (\S+)$/gm,
    )];
    assert.deepEqual(
      copies.map(([, architecture, platform]) => [architecture, platform]),
      [["amd64", "linux-x64"], ["arm64", "linux-arm64"]],
    );
    const [entry = ""] = dockerfile.match(/(?<=^ENTRYPOINT \[")[^"]+/m) ?? [];
    for (const [, , platform = "", target] of copies) {
      const matching = PLATFORMS.filter(({ name }) => name.endsWith(platform));
      assert.equal(matching.length, 1, "more than one file would be copied");
      assert.equal(target, entry);
    }
    assert.match(dockerfile, /\nFROM \$\{TARGETARCH\}\n$/);
  });

  it("runs as a user without rights, with the configuration where the page says", () => {
    assert.match(dockerfile, /^FROM \S+:nonroot AS base$/m);
    const [, file = ""] = dockerfile.match(/^CMD \["-config", "(.+)"\]$/m) ??
      [];
    assert.ok(commandsOf(page).includes(`:${file}:ro`));
    assert.match(dockerfile, /^EXPOSE 8080$/m);
  });
});

describe("deploy/mcp-front.service", () => {
  it("gives the gateway longer than it takes to end, and ends its servers with it", () => {
    const [seconds] = valuesOf("TimeoutStopSec").map(Number);
    const limitMs = SHUT_DOWN_LIMIT_MS + FLUSH_LIMIT_MS;
    assert.ok((seconds ?? 0) * 1_000 >= 1.5 * limitMs, String(seconds));
    assert.deepEqual(valuesOf("KillMode"), ["mixed"]);
  });

  it("does not restart for a configuration that cannot be used", () => {
    assert.deepEqual(valuesOf("Restart"), ["on-failure"]);
    assert.deepEqual(valuesOf("RestartPreventExitStatus"), ["2"]);
  });

  it("lets JavaScript be compiled while it runs", () => {
    assert.deepEqual(valuesOf("MemoryDenyWriteExecute"), []);
  });

  it("is installed by the page where it looks for its files", () => {
    const [start = ""] = valuesOf("ExecStart");
    const [program = "", , file = ""] = start.split(" ");
    const [environment = ""] = valuesOf("EnvironmentFile");
    for (const path of [program, file, environment.replace(/^-/, "")]) {
      assert.ok(commandsOf(page).includes(` ${path}\n`), path);
    }
  });
});

const systemd = spawnSync("systemd-analyze", ["--version"]);
const skip = systemd.status === 0
  ? false
  : "this machine has no systemd-analyze";
if (skip) console.error(`SKIPPED: what systemd thinks of the unit; ${skip}`);

describe("systemd", { skip }, () => {
  function analyze(...args: string[]) {
    return spawnSync("systemd-analyze", args, { encoding: "utf8" });
  }

  it("has nothing to say against the unit", () => {
    const file = join(folder, "mcp-front.service");
    const [program = ""] = (valuesOf("ExecStart")[0] ?? "").split(" ");
    writeFileSync(file, unit.replace(program, process.execPath));
    const { status, stderr } = analyze("verify", file);
    const said = stderr.match(/^.*mcp-front\.service.*$/gm) ?? [];
    assert.deepEqual([status, said], [0, []], stderr);
  });

  it("finds the exposure of the service at most 3.5 of 10", () => {
    const file = join(ROOT, "deploy/mcp-front.service");
    const { status, stdout, stderr } = analyze(
      "security",
      "--offline=yes",
      "--no-pager",
      "--threshold=35",
      file,
    );
    assert.equal(status, 0, stdout.split("\n").at(-2) + stderr);
  });
});

describe("deploy/README.md", () => {
  it("names a file that a release has", () => {
    const { version } = JSON.parse(
      readFileSync(join(ROOT, "deno.json"), "utf8"),
    );
    const [, name] = commandsOf(page).match(/mcp-front-([\w.-]+) /) ?? [];
    assert.equal(name, `${version}-linux-x64`);
  });

  it("names what the executable for Alpine needs, and the Alpine that workflows try it on", () => {
    const text = readFileSync(page, "utf8").replaceAll(/\s+/g, " ");
    const [, musl, alpine] = text.match(
      /musl (\S+) or newer \(Alpine (\S+) or newer\) and `apk add libstdc\+\+`/,
    ) ?? [];
    assert.equal(musl, "1.2.5");
    for (const name of ["test.yml", "release.yml"]) {
      const workflow = readFileSync(
        join(ROOT, ".github/workflows", name),
        "utf8",
      );
      assert.ok(workflow.includes(` alpine:${alpine} `), name);
    }
  });

  it("has commands that bash can read", () => {
    const { status, stderr } = spawnSync("bash", ["-n"], {
      input: commandsOf(page),
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });
});
