// Loading a config from disk: what cannot be read is a problem like any other.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkConfig, loadConfig } from "../../lib/config/load.ts";
import { ConfigError, formatProblem } from "../../lib/config/problems.ts";
import { MAX_CONFIG_BYTES } from "../../lib/config/source.ts";
import { withServer } from "./marked.ts";

const SOUND = withServer(`{ "command": "./server" }`);

describe("loadConfig", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mcp-front-config-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("gives the configuration, with paths relative to the file", async () => {
    const file = await written("sound.jsonc", SOUND);
    const { config, warnings } = await loadConfig(file, {});
    assert.deepEqual(warnings, []);
    const { backend } = config.servers[0];
    assert.equal(backend.kind, "stdio");
    assert.deepEqual(
      backend.kind === "stdio" && [backend.stdio.command, backend.stdio.cwd],
      [join(folder, "server"), folder],
    );
  });

  it("gives warnings beside the configuration", async () => {
    const text = withServer(`{ "command": "c", "trust": true }`);
    const file = await written("warning.jsonc", text);
    const { warnings } = await loadConfig(file, {});
    assert.deepEqual(warnings.map(({ severity, path }) => [severity, path]), [
      ["warning", "mcpServers.x.trust"],
    ]);
  });

  it("throws every problem, warnings included, as one error", async () => {
    const text = withServer(`{ "trust": true, "url": "x", "cwd": "y" }`);
    const file = await written("wrong.jsonc", text);
    const error = await failureOf(file);
    assert.deepEqual(
      error.problems.map(({ severity, path }) => [severity, path]),
      [
        ["warning", "mcpServers.x.trust"],
        ["error", "mcpServers.x.url"],
        ["error", "mcpServers.x.cwd"],
      ],
    );
    assert.equal(error.message, error.problems.map(formatProblem).join("\n"));
  });

  it("reads a byte order mark as nothing", async () => {
    const file = await written("bom.jsonc", `\uFEFF${SOUND}`);
    assert.deepEqual((await loadConfig(file, {})).warnings, []);
  });

  it("tells why a file cannot be read", async () => {
    await mkdir(join(folder, "folder"));
    const cases: [string, RegExp][] = [
      ["missing.jsonc", /1:1: error: there is no such file$/],
      [
        "folder",
        /1:1: error: this is a folder, not a file \(hint: name the file in it\)$/,
      ],
    ];
    for (const [name, expected] of cases) {
      const { problems } = await failureOf(join(folder, name));
      assert.match(formatProblem(problems[0]), expected);
      assert.equal(problems.length, 1);
    }
  });

  it("refuses what is not UTF-8", async () => {
    const latin1 = Buffer.from(SOUND.replace("server", "särver"), "latin1");
    const utf16 = Buffer.from(`\uFEFF${SOUND}`, "utf16le");
    for (const bytes of [latin1, utf16]) {
      const { problems } = await failureOf(await written("bytes", bytes));
      assert.match(formatProblem(problems[0]), /1:1: error: .* not UTF-8/);
    }
  });

  it("takes a file of the largest size, and no larger", async () => {
    const full = SOUND.padEnd(MAX_CONFIG_BYTES);
    const file = await written("full.jsonc", full);
    assert.deepEqual((await loadConfig(file, {})).warnings, []);
    const { problems } = await failureOf(await written("large", `${full} `));
    assert.match(formatProblem(problems[0]), /more than 10485760 bytes/);
  });

  it("gives up on 10 MB of problems with a bounded list", async () => {
    const line = `"k": 1,\n`;
    const lines = line.repeat(Math.floor(MAX_CONFIG_BYTES / line.length) - 1);
    const { problems } = await failureOf(await written("many", `{${lines}}`));
    assert.ok(problems.length <= 101);
  });

  it("takes an environment in which names of inherited members are unset", async () => {
    const text = withServer(`{ "command": "$env:toString" }`);
    const { problems } = await failureOf(await written("to.jsonc", text));
    assert.match(problems[0].message, /toString is not set/);
  });

  async function written(
    name: string,
    content: string | Uint8Array,
  ): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  }
});

describe("checkConfig", () => {
  it("needs no variable, and tells an unreadable file as a problem", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mcp-front-check-"));
    try {
      const file = join(folder, "a.jsonc");
      await writeFile(file, SOUND.replace("./server", "$env:SERVER"));
      assert.deepEqual(await checkConfig(file), []);
      const [problem] = await checkConfig(join(folder, "b.jsonc"));
      assert.equal(problem.message, "there is no such file");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function failureOf(file: string): Promise<ConfigError> {
  try {
    await loadConfig(file, {});
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the file was taken");
}
