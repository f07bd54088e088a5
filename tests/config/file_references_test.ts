// `$file:` references: what they give, and what is told where they give nothing.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkConfig, loadConfig, loadRules } from "../../lib/config/load.ts";
import { ConfigError, formatProblem } from "../../lib/config/problems.ts";
import { MAX_FILE_BYTES } from "../../lib/config/read_file.ts";
import { assertError, read, withServer, withTokens } from "./marked.ts";

const TOKEN = "a-token-that-nobody-guesses";
const WITHOUT_MODES = platform() === "win32" && "Windows has no modes";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-front-files-"));
  await mkdir(join(folder, "secrets"));
});
after(() => rm(folder, { recursive: true }));

async function written(
  name: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

/** The only argument of the only server. */
async function argument(raw: string): Promise<string | undefined> {
  const entry = { command: "c", args: [raw] };
  const file = await written("args.jsonc", withServer(JSON.stringify(entry)));
  const { backend } = (await loadConfig(file, {})).config.servers[0];
  return backend.kind === "stdio" ? backend.stdio.args[0] : undefined;
}

async function told(text: string): Promise<string[]> {
  const file = await written("told.jsonc", text);
  try {
    return (await loadConfig(file, {})).warnings.map(formatProblem);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem);
    throw error;
  }
}

describe("a reference to a file", () => {
  it("gives the text of the file, relative to the folder of the configuration", async () => {
    await written("secrets/key", "some key");
    assert.equal(await argument("$file:secrets/key"), "some key");
    assert.equal(await argument("$file:./secrets/../secrets/key"), "some key");
    assert.equal(
      await argument(`$file:${join(folder, "secrets/key")}`),
      "some key",
    );
  });

  const ends: [string, string, string][] = [
    ["one line feed", "key\n", "key"],
    ["one line break of Windows", "key\r\n", "key"],
    ["no more than one", "key\n\n", "key\n"],
    ["nothing else at the end", "key \t", "key \t"],
    ["nothing within", "a\nb\n", "a\nb"],
  ];
  for (const [what, content, expected] of ends) {
    it(`strips ${what}`, async () => {
      await written("end", content);
      assert.equal(await argument("$file:end"), expected);
    });
  }

  it("is not read again: what the file holds is literal", async () => {
    await written("literal", "$env:X $file:y ${Z}");
    assert.equal(await argument("$file:literal"), "$env:X $file:y ${Z}");
  });

  it("may name a file with a bar in its name: there is no default", async () => {
    await written("a|b", "barred");
    assert.equal(await argument("$file:a|b"), "barred");
  });

  it("is replaced wherever a string stands", async () => {
    await written("token", `${TOKEN}\n`);
    await written("header", "Bearer other-secret\n");
    await written("name", "dev\n");
    const file = await written(
      "whole.jsonc",
      `{
      "proxy": { "addr": "127.0.0.1:0", "auth": { "kind": "bearer_token",
        "tokens": { "dev": "$file:token" } } },
      "mcpServers": {
        "r": { "url": "http://h", "headers": { "Authorization": "$file:header" } },
        "c": { "command": "c", "env": { "KEY": "$file:header" },
          "authTokens": ["$file:name"] }
      }
    }`,
    );
    const { config, warnings, files } = await loadConfig(file, {});
    assert.deepEqual(warnings, []);
    assert.equal(config.tokens.get("dev")?.value?.reveal(), TOKEN);
    const [remote, child] = config.servers;
    assert.ok(remote?.backend.kind === "remote");
    const { headers } = remote.backend.remote;
    assert.deepEqual([...headers.values()].map((one) => one.reveal()), [
      "Bearer other-secret",
    ]);
    assert.ok(child?.backend.kind === "stdio");
    assert.equal(child.backend.stdio.env.KEY, "Bearer other-secret");
    assert.deepEqual(child.authTokens, ["dev"]);
    const named = ["token", "header", "name"].map((one) => join(folder, one));
    assert.deepEqual(files, named);
  });

  it("is an error at its place where the file cannot be used", async () => {
    await mkdir(join(folder, "sub"));
    await written("empty", "\n");
    await written("latin1", new Uint8Array([0xe4, 0x0a]));
    await written("large", "x".repeat(MAX_FILE_BYTES + 1));
    const cases: [string, RegExp][] = [
      ["none", /there is no such file/],
      ["sub", /a folder, not a file/],
      ["empty", /it is empty/],
      ["latin1", /bytes that are not UTF-8/],
      ["large", /it has more than 1048576 bytes/],
    ];
    for (const [name, expected] of cases) {
      const entry = `{ "command": "c",\n "args": ["$file:${name}"] }`;
      const [problem = "", ...more] = await told(withServer(entry));
      assert.deepEqual(more, []);
      assert.match(
        problem,
        /told\.jsonc:7:11: error: mcpServers\.x\.args\[0\]/,
      );
      assert.match(problem, expected);
    }
  });

  it("takes a file of the largest size", async () => {
    await written("full", "x".repeat(MAX_FILE_BYTES));
    assert.equal((await argument("$file:full"))?.length, MAX_FILE_BYTES);
  });

  it("does not wait for a pipe that nobody writes to", {
    skip: WITHOUT_MODES,
  }, async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const [problem] = await told(
      withServer(`{ "command": "c", "args": ["$file:pipe"] }`),
    );
    assert.match(problem ?? "", /this is no ordinary file/);
  });

  it("tells that a file may not be read", {
    skip: WITHOUT_MODES || userInfo().uid === 0 && "root reads everything",
  }, async () => {
    await written("closed", "x", 0o000);
    const [problem] = await told(
      withServer(`{ "command": "c", "args": ["$file:closed"] }`),
    );
    assert.match(problem ?? "", /the file may not be read/);
  });

  it("warns once of a file that others may use, with its mode", {
    skip: WITHOUT_MODES,
  }, async () => {
    const text = withServer(
      `{ "command": "c", "args": ["$file:open", "$file:./open"] }`,
    );
    for (const mode of [0o640, 0o604, 0o644, 0o660]) {
      await written("open", "x", mode);
      const shown = `0${mode.toString(8)}`;
      const [warning = "", ...more] = await told(text);
      assert.deepEqual(more, []);
      assert.match(warning, /warning: mcpServers\.x\.args\[0\]: others than/);
      assert.ok(warning.includes(`(mode ${shown})`), warning);
    }
    await written("open", "x", 0o400);
    assert.deepEqual(await told(text), []);
  });

  it("shows neither what the file holds nor its path", async () => {
    await written("bad", "two words-0123456789");
    const texts = [
      withTokens(`"dev": "$file:bad"`),
      withTokens(`"dev": "$file:${TOKEN}"`),
      withServer(`{ "command": "c", "authTokens": ["$file:bad"] }`),
    ];
    for (const text of texts) {
      const problems = (await told(text)).join("\n");
      assert.match(problems, /error/);
      assert.ok(!/words|0123456789|nobody|\bbad\b/.test(problems), problems);
    }
  });

  it("that a token comes from may not be given to a child", async () => {
    await written("token", TOKEN);
    const text = withTokens(`"dev": "$file:token"`).replace(
      `"node"`,
      `"node", "env": { "A": "$file:token" }`,
    );
    const [problem] = await told(text);
    assert.match(problem ?? "", /env\.A: found the file which a token is read/);
    const open = read(text, { environment: "unknown" }).problems;
    assert.match(open[0]?.message ?? "", /the file which a token is read from/);
  });

  it("is not read where the file is only checked", async () => {
    const file = await written(
      "checked.jsonc",
      withTokens(`"dev": "$file:none"`),
    );
    assert.deepEqual(await checkConfig(file), []);
    const { rules } = await loadRules(file, {});
    assert.deepEqual([...rules.tokens.keys()], ["dev"]);
    const readFile = () => assert.fail("it was read");
    const outcome = read(withTokens(`"dev": "$file:none"`), {
      environment: "unknown",
      readFile,
    });
    assert.deepEqual(outcome.files, []);
  });

  it("is a problem where nothing can read files", () => {
    assertError(withServer(`{ "command": ▲"$file:x" }`), {
      path: "mcpServers.x.command",
      message: /files are not read here/,
    });
  });
});

describe("what only looks like a reference to a file", () => {
  const cases: [string, string, RegExp, RegExp][] = [
    ["no path", "$file:", /found nothing after "\$file:"/, /\$file:PATH/],
    ["$FILE:", "$FILE:x", /"\$file:" not in lower case/, /\$\$file:/],
    ["one inside a string", "Bearer $file:x", /inside a str/, /into a file/],
    [
      "one in a default",
      "$env:X|$file:y",
      /"\$file:" in the default of X/,
      /./,
    ],
    ["a variable in a path", "$file:$env:X", /"\$env:" after "\$file:"/, /./],
    ["${} in a path", "$file:${X}/a", /not replaced/, /\$env:X/],
  ];
  for (const [what, raw, message, hint] of cases) {
    it(`${what} is a problem`, () => {
      const text = withServer(
        `{ "command": "c", "args": ["a", ▲${JSON.stringify(raw)}] }`,
      );
      assertError(text, { path: "mcpServers.x.args[1]", message, hint });
    });
  }

  it("is literal after one more $", async () => {
    assert.equal(await argument("$$file:x"), "$file:x");
    assert.equal(await argument("a $$file:x"), "a $file:x");
  });
});
