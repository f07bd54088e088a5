// A release: the executables of all platforms, each looked at, and run where this machine can run it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { codeSignature } from "../support/code_signature.ts";
import { executableFormat } from "../support/executable_format.ts";
import type { ExecutableFormat } from "../support/executable_format.ts";
import { startGateway } from "../support/gateway_process.ts";
import { commandOf, ROOT } from "../support/program.ts";
import { configWith, SOME } from "../support/simple_config.ts";

/** With the runtimes of six platforms to fetch on a machine that has none of them. */
const BUILD_LIMIT_MS = 600_000;
const RUN_LIMIT = { timeout: 60_000 };

const [deno] = commandOf("deno");
const folder = mkdtempSync(join(tmpdir(), "mcp-front-release-"));
after(() => rmSync(folder, { recursive: true }));

const { version } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
const nameOf = (platform: string) => `mcp-front-${version}-${platform}`;
const pathOf = (platform: string) => join(folder, nameOf(platform));

/** What the C library itself brings along. */
const GLIBC = [
  "libc.so.6",
  "libdl.so.2",
  "libm.so.6",
  "libpthread.so.0",
];

const FORMATS: Readonly<Record<string, ExecutableFormat>> = {
  "linux-x64": {
    kind: "ELF",
    machine: "x64",
    loader: "/lib64/ld-linux-x86-64.so.2",
    libraries: [...GLIBC, "ld-linux-x86-64.so.2"],
  },
  "linux-arm64": {
    kind: "ELF",
    machine: "arm64",
    loader: "/lib/ld-linux-aarch64.so.1",
    libraries: [...GLIBC, "ld-linux-aarch64.so.1"],
  },
  "linux-x64-musl": {
    kind: "ELF",
    machine: "x64",
    loader: "/lib/ld-musl-x86_64.so.1",
    libraries: ["libc.musl-x86_64.so.1", "libstdc++.so.6"],
  },
  "darwin-arm64": { kind: "Mach-O", machine: "arm64" },
  "darwin-x64": { kind: "Mach-O", machine: "x64" },
  "windows-x64.exe": { kind: "PE", machine: "x64" },
};

function release(args: readonly string[], env: Record<string, string> = {}) {
  return spawnSync(
    deno,
    ["run", "-A", "--no-check", "tasks/release.ts", ...args],
    {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, ...env },
      timeout: BUILD_LIMIT_MS,
    },
  );
}

const built = release(["--folder", folder]);

describe("a release", () => {
  it("has an executable for each platform, checksums, and nothing else", () => {
    assert.equal(built.status, 0, built.stderr);
    assert.deepEqual(
      readdirSync(folder).sort(),
      [...Object.keys(FORMATS).map(nameOf), "SHA256SUMS"].sort(),
    );
  });

  it("has checksums that sha256sum finds right, one for each executable", () => {
    const { status, stdout } = spawnSync(
      "sha256sum",
      ["--check", "--strict", "SHA256SUMS"],
      { cwd: folder, encoding: "utf8" },
    );
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/: OK$/gm)?.length, Object.keys(FORMATS).length);
  });

  for (
    const [platform, { libraries = [], ...head }] of Object.entries(FORMATS)
  ) {
    it(`has for ${platform} an executable of that kind and of this version`, () => {
      const file = readFileSync(pathOf(platform));
      const found = executableFormat(file);
      assert.deepEqual({ ...found, libraries: [] }, { ...head, libraries: [] });
      assert.deepEqual(found.libraries?.toSorted() ?? [], libraries.toSorted());
      const name = `"@mcp-front/mcp-front",version:"${version}"`;
      assert.ok(file.includes(name), `nowhere in it is ${name}`);
      assert.equal(statSync(pathOf(platform)).mode & 0o111, 0o111);
    });
  }

  for (const platform of ["darwin-arm64", "darwin-x64"]) {
    it(`has for ${platform} a signature that fits every page`, () => {
      const found = codeSignature(readFileSync(pathOf(platform)));
      const { signed, beforeSignature, signature, linkEdit, file } = found.ends;
      assert.deepEqual(found.stalePages, []);
      assert.equal(found.pages, Math.ceil(signed / 4_096));
      assert.equal(signed, beforeSignature);
      assert.deepEqual([signature, linkEdit], [file, file]);
      assert.ok(found.fitsInMemory);
      assert.deepEqual(found.parts, ["fade0c02"]);
      assert.equal(found.flags, 0x20002);
    });

    it(`has for ${platform} a signature that lets all of its code run, as a program`, () => {
      const { code, textBytes } = codeSignature(
        readFileSync(pathOf(platform)),
      );
      assert.ok(textBytes > 0);
      assert.deepEqual(code, { from: 0, bytes: textBytes, kind: "program" });
    });
  }
});

describe("a release whose runtime cannot be fetched", () => {
  const NO_CACHE = { BUN_INSTALL_CACHE_DIR: join(folder, "no-cache") };

  function fails(proxy: string, args: readonly string[] = []) {
    const target = mkdtempSync(join(tmpdir(), "mcp-front-release-"));
    const { status, stderr } = release(
      ["--folder", target, ...args, "darwin-x64"],
      { ...NO_CACHE, HTTPS_PROXY: proxy, https_proxy: proxy },
    );
    const left = readdirSync(target);
    rmSync(target, { recursive: true });
    assert.deepEqual([status, left], [1, []]);
    return stderr;
  }

  it("says for which platform, and leaves nothing", () => {
    const said = fails("http://127.0.0.1:1");
    assert.match(said, /^error: cannot build \S+-darwin-x64: Failed to down/);
    assert.match(
      said,
      /bun-darwin-x64 from the npm registry; is that in reach/,
    );
  });

  it("gives up where nobody answers", async () => {
    const silent = createServer();
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as AddressInfo;
    const said = fails(`http://127.0.0.1:${port}`, ["--limit", "2"]);
    silent.close();
    assert.match(said, /^error: cannot build \S+: not done after 2 s \(Bun/);
  });
});

/** What runs an executable on Linux for x64, and what is needed for that. */
interface Run {
  command(file: string): [string, ...string[]];
  readonly needs: string;
}

const RUNS: Readonly<Record<string, Run>> = {
  "linux-x64": { command: (file) => [file], needs: "Linux on x64" },
  "linux-x64-musl": {
    command: (file) => [file],
    needs: "the loader of musl, and a libstdc++ for it",
  },
  "linux-arm64": {
    command: (file) => [
      "qemu-aarch64-static",
      "-L",
      "/usr/aarch64-linux-gnu",
      file,
    ],
    needs: "the Debian packages qemu-user-static and libc6-arm64-cross",
  },
};

function canRun(platform: string): boolean {
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  switch (platform) {
    case "linux-x64-musl": {
      const loader = FORMATS[platform]?.loader ?? "";
      const { status } = spawnSync(loader, ["--list", pathOf(platform)]);
      return status === 0;
    }
    case "linux-arm64":
      return spawnSync("qemu-aarch64-static", ["-version"]).status === 0 &&
        existsSync("/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1");
    default:
      return true;
  }
}

describe("an executable of a release", () => {
  for (const [platform, { command, needs }] of Object.entries(RUNS)) {
    const skip = canRun(platform) ? false : `this needs ${needs}`;
    if (skip) console.error(`SKIPPED: running ${platform}; ${skip}`);
    it(`runs and serves (${platform})`, { ...RUN_LIMIT, skip }, async () => {
      const [program, ...first] = command(pathOf(platform));
      const { stdout } = spawnSync(program, [...first, "-version"], {
        encoding: "utf8",
      });
      assert.equal(stdout, `mcp-front ${version}\n`);
      await using gateway = await startGateway({
        config: configWith(SOME),
        command: [program, ...first],
      });
      const health = await fetch(`${gateway.url}/health`);
      assert.equal(health.status, 200);
      assert.deepEqual(await gateway.stop(), { code: 0, signal: null });
    });
  }
});
