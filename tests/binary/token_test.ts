// `mcp-front token`: making tokens and hashing them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { digestOf } from "../../lib/auth/token.ts";
import { read, withTokens } from "../config/marked.ts";
import { commandOf, PROGRAMS } from "../support/program.ts";
import type { Program } from "../support/program.ts";

const TOKEN = "a-token-that-nobody-guesses";

function run(
  args: readonly string[],
  { input = "", program = "binary" }: {
    readonly input?: string;
    readonly program?: Program;
  } = {},
) {
  const [command, ...first] = commandOf(program);
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    encoding: "utf8",
    input,
  });
  return { status, stdout, stderr };
}

/** What is printed by four spaces to the right. */
function shownIn(stdout: string): string[] {
  return [...stdout.matchAll(/^ {4}(\S.*)$/gm)].map(([, text = ""]) => text);
}

describe("mcp-front token new", () => {
  for (const program of PROGRAMS) {
    it(`prints a token once, and the line with its hash (${program})`, () => {
      const made = run(["token", "new", "ci"], { program });
      assert.deepEqual([made.status, made.stderr], [0, ""]);
      const [token = "", line = "", ...more] = shownIn(made.stdout);
      assert.deepEqual(more, []);
      assert.match(token, /^[A-Za-z0-9_-]{43}$/);
      assert.equal(made.stdout.split(token).length, 2);
      assert.equal(line, `"ci": "sha256:${digestOf(token)}"`);
      const { config, problems } = read(withTokens(line));
      assert.deepEqual(problems, []);
      assert.equal(
        config?.tokens.get("ci")?.digest.reveal(),
        digestOf(token),
      );
      assert.match(made.stdout, /What to do next/);
    });
  }

  it("makes another one each time", () => {
    const [a, b] = [run(["token", "new"]), run(["token", "new"])];
    assert.notEqual(shownIn(a.stdout)[0], shownIn(b.stdout)[0]);
    assert.match(shownIn(a.stdout)[1] ?? "", /^"NAME": /);
  });

  it("prints the token itself in its line where that is asked for", () => {
    const { status, stdout } = run(["token", "new", "the ci", "-plain"]);
    assert.equal(status, 0);
    const [line = "", ...more] = shownIn(stdout);
    assert.deepEqual(more, []);
    assert.match(line, /^"the ci": "[A-Za-z0-9_-]{43}"$/);
    assert.deepEqual(read(withTokens(line)).problems, []);
  });

  it("refuses a name that is none, and more than one", () => {
    for (const names of [["a\u202eb"], ["n".repeat(65)], [""], ["a", "b"]]) {
      const { status, stdout, stderr } = run(["token", "new", ...names]);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /error: .*name/);
      assert.ok(!stderr.includes("n".repeat(65)));
    }
  });
});

describe("mcp-front token hash", () => {
  for (const program of PROGRAMS) {
    it(`prints the hash of the token on stdin (${program})`, () => {
      const expected = {
        status: 0,
        stdout: `sha256:${digestOf(TOKEN)}\n`,
        stderr: "",
      };
      for (const input of [TOKEN, `${TOKEN}\n`, `${TOKEN}\r\n`]) {
        assert.deepEqual(run(["token", "hash"], { input, program }), expected);
      }
    });
  }

  const bad: [string, string, RegExp][] = [
    ["nothing", "", /an empty token/],
    ["an empty line", "\n", /an empty token/],
    ["two lines", `${TOKEN}\n${TOKEN}\n`, /white space/],
    ["a space at the end", `${TOKEN} `, /white space/],
    ["the word Bearer", `Bearer ${TOKEN}`, /the word "Bearer"/],
    ["a comma", `${TOKEN},`, /comma or double quote/],
    ["a letter beyond ASCII", `${TOKEN}ä`, /visible ASCII/],
    ["15 characters", TOKEN.slice(0, 15), /of 15 characters, wanted 16/],
    ["a hash", `sha256:${digestOf(TOKEN)}`, /a hash already/],
    ["100 KB", TOKEN.padEnd(100_000, "x"), /far more than a token/],
  ];
  for (const [what, input, message] of bad) {
    it(`refuses ${what}, without repeating it`, () => {
      const { status, stdout, stderr } = run(["token", "hash"], { input });
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, message);
      assert.ok(!stderr.includes(TOKEN.slice(0, 15)), stderr);
    });
  }

  it("says at a terminal what it waits for", (t) => {
    const script = spawnSync("script", ["--version"]);
    if (script.error) return t.skip("needs script (util-linux)");
    const [command] = commandOf("binary");
    const { stdout } = spawnSync(
      "script",
      ["-qec", `'${command}' token hash`, "/dev/null"],
      { encoding: "utf8", input: `${TOKEN}\n\u0004` },
    );
    assert.match(stdout, /^The token, then Enter and Ctrl-D:\r$/m);
    assert.ok(stdout.includes(`sha256:${digestOf(TOKEN)}`), stdout);
  });

  it("takes no token as an argument, and repeats none", () => {
    const wrong = [
      ["hash", TOKEN],
      ["hash", "--", TOKEN],
      ["hash", `-${TOKEN}`],
      ["hash", `--${TOKEN}`],
      ["hash", `-plain=${TOKEN}`],
      ["hash", "-plain"],
      ["new", "ci", TOKEN],
      ["new", `-${TOKEN}`],
      [TOKEN],
      [],
    ];
    for (const args of wrong) {
      const end = run(["token", ...args], { input: TOKEN });
      assert.deepEqual([end.status, end.stdout], [2, ""], args.join(" "));
      assert.match(end.stderr, /^mcp-front: error: .*\nmcp-front: hint: .*\n$/);
      assert.ok(!end.stderr.includes("nobody"), end.stderr);
    }
  });
});
