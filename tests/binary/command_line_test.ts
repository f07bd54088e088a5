// The flags of the executable, what it prints where, and how it ends.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { commandOf, PROGRAMS, ROOT } from "../support/program.ts";
import type { Program } from "../support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "mcp-front-flags-"));
after(() => rmSync(folder, { recursive: true }));

const GOOD = join(folder, "good.jsonc");
const BAD = join(folder, "bad.jsonc");

writeFileSync(
  GOOD,
  `{
  "proxy": { "auth": { "kind": "bearer_token",
    "tokens": { "dev": "$env:NOT_SET_ANYWHERE" } } },
  "mcpServers": { "files": { "command": "true", "autoApprove": [] } }
}`,
);
writeFileSync(
  BAD,
  `{
  "proxy": { "auth": { "kind": "bearer_token", "tokens": {} } },
  "mcpServers": { "files": { "comand": "true" } }
}`,
);

function run(
  args: readonly string[],
  { program = "binary", cwd = folder, env = {} }: {
    readonly program?: Program;
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) {
  const [command, ...first] = commandOf(program);
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

const { version } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));

describe("the command line", () => {
  for (const program of PROGRAMS) {
    it(`prints the version of deno.json (${program})`, () => {
      assert.deepEqual(run(["-version"], { program }), {
        status: 0,
        stdout: `mcp-front ${version}\n`,
        stderr: "",
      });
    });
  }

  for (const program of PROGRAMS) {
    it(`prints the JSON Schema of its configuration (${program})`, () => {
      assert.deepEqual(run(["schema"], { program }), {
        status: 0,
        stdout: readFileSync(join(ROOT, "docs/config.schema.json"), "utf8"),
        stderr: "",
      });
    });
  }

  it("takes every flag with one dash and with two", () => {
    for (const flag of ["-help", "--help", "-h"]) {
      const { status, stdout, stderr } = run([flag]);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^Usage: mcp-front /m);
      assert.ok(stdout.split("\n").every((line) => line.length <= 80));
    }
    assert.equal(run(["--version"]).stdout, run(["-version"]).stdout);
  });

  it("takes the config file in every form", () => {
    const forms = [
      ["-config", GOOD],
      ["--config", GOOD],
      [`-config=${GOOD}`],
      [`--config=${GOOD}`],
    ];
    for (const form of forms) {
      const { status, stdout } = run([...form, "--validate"]);
      assert.equal(status, 0, form.join(" "));
      assert.match(stdout, /is valid: 0 errors/);
    }
  });

  for (
    const [args, hint] of [
      [["-verson"], "did you mean -version?"],
      [["--confg", "x"], "did you mean -config?"],
      [["-zzz"], "mcp-front -help shows what there is"],
      [["x.jsonc"], "did you mean -config x.jsonc?"],
      [["serve"], "to run the gateway, write mcp-front -config FILE"],
      [["chek"], "did you mean mcp-front check?"],
      [["check", "x.jsonc"], "did you mean -config x.jsonc?"],
      [["check", "-validate"], "mcp-front -help"],
      [["check", "-tokn", "x"], "did you mean -token?"],
      [["check", "-token"], "write -token NAME"],
      [["-json"], "mcp-front -help"],
      [["explan"], "did you mean mcp-front explain?"],
      [["explain", "-tol", "x"], "did you mean -tool?"],
      [["explain", "-server"], "write -server NAME"],
      [["explain", "-connect=yes"], "write -connect alone"],
      [["check", "-connect"], "mcp-front -help"],
      [["conect"], "did you mean mcp-front connect?"],
      [["connect", "-client"], "write -client NAME"],
      [["connect", "-clinet", "x"], "did you mean -client?"],
      [["schma"], "did you mean mcp-front schema?"],
      [["schema", "x.jsonc"], "did you mean -config x.jsonc?"],
      [["schema", "-config", "x"], "mcp-front -help"],
      [["completions"], "write mcp-front completions bash, "],
      [["completions", "tcsh"], "write mcp-front completions bash, "],
      [["names", "tools"], "write mcp-front names tokens or"],
      [["demo"], "write mcp-front demo database"],
      [["demo", "database", "x"], "write mcp-front demo database"],
      [["init", "-json"], "mcp-front -help"],
      [
        ["init", "-client", "cursor"],
        "write mcp-front init -import -client cursor",
      ],
      [["init", "-import", "-client", "curser"], 'did you mean "cursor"?'],
      [
        ["init", "-import", "-client", "inspector"],
        "the clients are: claude-code, ",
      ],
      [["init", "-import", "cursor"], "to run the gateway, write "],
      [
        ["npx", "some-server"],
        "to run the gateway, write mcp-front -config FILE; before a command",
      ],
      [
        ["--"],
        "write the one that starts your server, such as mcp-front -- npx",
      ],
      [["-config", "x", "--", "true"], "it needs no configuration; "],
      [
        ["-port", "8080"],
        "it goes before a command: mcp-front -port PORT -- COMMAND",
      ],
      [
        ["-port", "65536", "--", "true"],
        "leave it out, and a free port is taken",
      ],
      [["check", "--", "true"], "to run one that uses the servers, write "],
      [["-config"], "write -config FILE"],
      [["-config", "-validate"], "write -config FILE"],
      [["-validate=yes"], "write -validate alone"],
      [["-config", "a", "-config", "b"], "write it once"],
    ] as const
  ) {
    it(`refuses ${args.join(" ")} with a hint`, () => {
      const { status, stdout, stderr } = run(args);
      assert.deepEqual([status, stdout], [2, ""]);
      const [error = "", told = "", ...rest] = stderr.split("\n");
      assert.match(error, /^mcp-front: error: /);
      assert.ok(told.startsWith(`mcp-front: hint: ${hint}`), told);
      assert.deepEqual(rest, [""]);
    });
  }

  it("refuses a LOG_LEVEL or LOG_FORMAT that it does not know", () => {
    for (const variable of ["LOG_LEVEL", "LOG_FORMAT"]) {
      const env = { [variable]: "loud" };
      const { status, stderr } = run(["-config", GOOD], { env });
      assert.equal(status, 2);
      assert.match(stderr, new RegExp(`^mcp-front: error: ${variable} is`));
    }
  });

  it("lets nothing that was typed forge a line or drive the terminal", () => {
    const typed = "a\u001b]0;x\u0007\nmcp-front: error: forged";
    for (
      const args of [
        [typed],
        [`-${typed}`],
        ["-config", typed],
        [
          "init",
          "-config",
          join(typed, "x"),
        ],
        ["check", "-config", typed],
        ["-validate", "-config", typed],
      ]
    ) {
      const env = { LOG_FORMAT: "text" };
      const { status, stdout, stderr } = run(args, { env });
      assert.notEqual(status, 0);
      const text = stdout + stderr;
      assert.doesNotMatch(text, /\p{Cc}(?<!\n)/u, args.join(" "));
      assert.doesNotMatch(text, /^mcp-front: error: forged/m, args.join(" "));
    }
  });

  it("ends with its exit code also where nobody can read why", (t) => {
    if (!existsSync("/dev/full")) return t.skip("needs /dev/full");
    const [binary] = commandOf("binary");
    const full = openSync("/dev/full", "w");
    for (
      const [code, ...args] of [
        [2, "-no-such-option"],
        [2, "check", "-config", "none.jsonc"],
        [2, "-config", "none.jsonc"],
      ] as const
    ) {
      const { status } = spawnSync(binary, args, {
        cwd: folder,
        stdio: ["ignore", full, full],
        env: { ...process.env, LOG_FORMAT: "text" },
      });
      assert.equal(status, code, args.join(" "));
    }
    closeSync(full);
  });

  it("is not disturbed by a reader that leaves early", () => {
    const [binary] = commandOf("binary");
    const { status } = spawnSync(
      "bash",
      ["-c", `set -o pipefail; '${binary}' -help | true`],
    );
    assert.equal(status, 0);
  });
});

describe("-validate", () => {
  it("needs no variable to be set, and prints warnings to stdout", () => {
    const { status, stdout, stderr } = run(["-validate", "-config", GOOD]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^\S+good\.jsonc:\d+:\d+: warning: /);
    assert.match(stdout, /good\.jsonc is valid: 0 errors, \d+ warnings?\n$/);
  });

  it("prints every problem with its place, and ends with 2", () => {
    const { status, stdout, stderr } = run(["-validate", "-config", BAD]);
    assert.deepEqual([status, stderr], [2, ""]);
    const errors = stdout.match(/^\S+bad\.jsonc:\d+:\d+: error: .+$/gm) ?? [];
    assert.ok(errors.length >= 2, stdout);
    assert.match(stdout, /bad\.jsonc cannot be used: \d+ errors/);
  });

  it("says which file is missing", () => {
    const { status, stdout } = run(["-validate", "-config", "none.jsonc"]);
    assert.equal(status, 2);
    assert.match(
      stdout,
      /^none\.jsonc:1:1: error: there is no such file \(hint: mcp-front init -config none\.jsonc writes one to begin with\)$/m,
    );
  });

  it("finds config.jsonc, else config.json, in the current folder", () => {
    const cwd = mkdtempSync(join(folder, "default-"));
    const none = run(["-validate"], { cwd });
    assert.equal(none.status, 2);
    assert.match(none.stderr, /error: there is neither config\.jsonc nor/);
    assert.match(
      none.stderr,
      /hint: mcp-front init writes one .*: mcp-front -config FILE$/m,
    );
    for (const name of ["config.json", "config.jsonc"]) {
      writeFileSync(join(cwd, name), readFileSync(GOOD));
      const { stdout } = run(["-validate"], { cwd });
      assert.ok(stdout.includes(`\n${name} is valid`), stdout);
    }
  });

  it("does not start anything", () => {
    const marker = join(folder, "started");
    const file = join(folder, "touch.jsonc");
    const config = JSON.parse(readFileSync(GOOD, "utf8"));
    config.mcpServers.files = { command: "touch", args: [marker] };
    writeFileSync(file, JSON.stringify(config));
    assert.equal(run(["-validate", "-config", file]).status, 0);
    assert.throws(() => readFileSync(marker), { code: "ENOENT" });
  });
});
