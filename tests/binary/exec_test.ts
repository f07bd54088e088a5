// `mcp-front exec` of the executable: how it ends, with what code, and that nothing is left then.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { MARK, marked } from "../support/check_run.ts";
import { illMannered } from "../support/check_report.ts";
import {
  clientWords,
  configOf,
  runExec,
  shell,
  toldBy,
  TOOLS,
} from "../support/exec_run.ts";
import { killAll, once, processesWith } from "../support/process_list.ts";
import { commandOf } from "../support/program.ts";
import { pathOf } from "../support/shared_gateway.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const LIMIT = { timeout: 60_000 };
const how = "binary" as const;
const config = configOf({ files: TOOLS });
const ON_LINUX = process.platform === "linux";
/** Within 250 ms the same signal is an echo of the first. */
const ECHO_MS = 400;
/** What is told to end has 5 s; what is told again has none. */
const AT_ONCE_MS = 4_000;
/** What is ended by the reaper has 5 s; the rest is for a busy machine. */
const GONE_LIMIT_MS = 10_000;
const READY = /ready/;
const READY_AT_TERMINAL = /ready true/;
/** What holds a stream of ours would be waited for. */
const NOWHERE = "/dev/null 2>&1 < /dev/null";
const CTRL_C = "\u0003";
/** `script` of util-linux gives a program a terminal. */
const HAS_SCRIPT =
  spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

const [binary] = commandOf(how);

describe("mcp-front exec", () => {
  it(
    "runs a client through its gateway, with its own streams",
    LIMIT,
    async () => {
      const words = clientWords("/mcp", "read_text", "/files/mcp", "fail");
      const end = await runExec({ config, how, words });
      const { calls, isListed } = toldBy(end);
      assert.deepEqual(calls, ["done: read", "error: it failed"]);
      assert.deepEqual([end.code, end.stderr, isListed], [0, "", false]);
      assert.deepEqual(end.leftovers, []);
    },
  );

  it("takes stdin to the command", LIMIT, async () => {
    await using folder = await TemporaryFolder.create();
    writeFileSync(join(folder.path, "config.json"), JSON.stringify(config));
    const { stdout, stderr, status } = spawnSync(
      binary,
      ["exec", "--", "cat"],
      {
        cwd: folder.path,
        encoding: "utf8",
        input: "from outside",
      },
    );
    assert.deepEqual([status, stdout, stderr], [0, "from outside", ""]);
  });

  const codes: [string, readonly string[], number, RegExp][] = [
    ["the command's own", shell("exit 7"), 7, /^$/],
    ["that of its signal", shell("kill -KILL $$"), 137, /^$/],
    ["127 for one that is not there", ["no-such-command"], 127, /not found/],
    ["126 for one that is no program", [pathOf("run.ts")], 126, /EACCES/],
  ];
  for (const [what, words, code, said] of codes) {
    it(`ends with ${what}`, LIMIT, async () => {
      const end = await runExec({ config, how, words });
      assert.equal(end.code, code, end.stderr);
      assert.match(end.stderr, said);
      assert.deepEqual(end.leftovers, []);
    });
  }

  const wrong: [string, readonly string[], readonly string[], RegExp][] = [
    ["an unknown token", ["-token", "cy"], ["true"], /no token "cy"/],
    ["an unknown server", ["-only", "file"], ["true"], /did you mean "files"/],
    ["no command", [], [], /which command is to be run\?/],
    ["a second log", ["-log", "a", "-log", "b"], ["true"], /given twice/],
    ["a summary in no folder", ["-summary", "no/a.xml"], ["true"], /ENOENT/],
    ["a log in no folder", ["-log", "no/a.log"], ["true"], /ENOENT/],
  ];
  for (const [what, options, words, message] of wrong) {
    it(`refuses ${what} before anything is started`, LIMIT, async () => {
      const missing = configOf({ files: { command: "no-such-program" } });
      const end = await runExec({ config: missing, how, options, words });
      assert.ok(end.code === 2 || end.code === 1, end.stderr);
      assert.match(end.stderr, message);
      assert.ok(!end.stderr.includes("no-such-program"));
    });
  }

  it("wants -- before the command", () => {
    const { status, stderr } = spawnSync(binary, ["exec", "npm", "test"], {
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert.match(stderr, /-- is wanted before the command/);
  });

  it("does not start the command after a signal before", LIMIT, async () => {
    const silent = illMannered("never answers initialize");
    const end = await runExec({
      config: configOf({ silent }),
      how,
      words: shell("echo it ran"),
      env: { LOG_LEVEL: "info", LOG_FORMAT: "" },
      interruptions: [{ at: /Backend started/, signal: "SIGTERM" }],
    });
    assert.deepEqual([end.code, end.stdout, end.leftovers], [143, "", []]);
  });

  const traps: [NodeJS.Signals, string, number][] = [
    ["SIGINT", "exit 5", 5],
    ["SIGTERM", "exit 6", 6],
  ];
  for (const [signal, trap, code] of traps) {
    it(
      `passes ${signal} on, and ends with what the command makes of it`,
      LIMIT,
      async () => {
        const name = signal.slice(3);
        const line = `trap '${trap}' ${name}; echo ready >&2; ` +
          "while :; do sleep 0.1; done";
        const end = await runExec({
          config,
          how,
          words: shell(line),
          interruptions: [{ at: READY, signal }],
        });
        assert.deepEqual([end.code, end.leftovers], [code, []]);
      },
    );
  }

  it(
    "kills a command that does not end at a second signal, with all that it has started",
    LIMIT,
    async () => {
      const deaf = "trap '' TERM INT";
      const line = `${deaf}; (sh -c "${deaf}; sleep 60 # $0") & ` +
        "echo ready >&2; while :; do sleep 1; done";
      const end = await runExec({
        config,
        how,
        words: shell(line),
        interruptions: [
          { at: READY, signal: "SIGTERM" },
          { at: READY, signal: "SIGTERM", afterMs: ECHO_MS },
        ],
      });
      assert.deepEqual([end.code, end.leftovers], [137, []]);
      assert.ok(end.tookMs < AT_ONCE_MS, `${end.tookMs}`);
    },
  );

  it(
    "ends what a command leaves behind when it was told to end",
    LIMIT,
    async () => {
      const line = `(sh -c "sleep 60; : $0") & trap 'exit 4' TERM; ` +
        "echo ready >&2; while :; do sleep 0.1; done";
      const end = await runExec({
        config,
        how,
        words: shell(line),
        interruptions: [{ at: READY, signal: "SIGTERM" }],
      });
      assert.deepEqual([end.code, end.leftovers], [4, []]);
      assert.ok(end.tookMs < AT_ONCE_MS, `${end.tookMs}`);
    },
  );

  it(
    "leaves Ctrl-C at a terminal to the command, which hears of it once",
    LIMIT,
    async (t) => {
      if (!HAS_SCRIPT) {
        return t.skip("needs the command `script` of util-linux");
      }
      await using folder = await TemporaryFolder.create();
      writeFileSync(join(folder.path, "config.json"), JSON.stringify(config));
      const program = `let count = 0;
      process.on("SIGINT", () => {
        if (++count === 1) setTimeout(() => process.exit(10 + count), 500);
      });
      console.log("ready " + process.stdin.isTTY);
      setInterval(() => {}, 1000);`;
      writeFileSync(join(folder.path, "counts.mjs"), program);
      // Without a shell in between, which would hear of it, too.
      const line = `exec '${binary}' exec -- node counts.mjs`;
      const terminal = spawn("script", ["-qec", line, "/dev/null"], {
        cwd: folder.path,
        stdio: ["pipe", "pipe", "inherit"],
      });
      let screen = "";
      terminal.stdout.setEncoding("utf8").on("data", (text) => {
        const wasReady = READY_AT_TERMINAL.test(screen);
        screen += text;
        const isReady = READY_AT_TERMINAL.test(screen);
        if (isReady && !wasReady) terminal.stdin.write(CTRL_C);
      });
      const code = await new Promise((resolve) =>
        terminal.once("exit", resolve)
      );
      assert.equal(code, 11, screen);
    },
  );

  it(
    "leaves alone what the command leaves behind by itself",
    LIMIT,
    async () => {
      const line = `(sh -c "sleep 60; : $0" > ${NOWHERE}) & exit 0`;
      const end = await runExec({ config, how, words: shell(line) });
      try {
        assert.equal(end.code, 0);
        assert.ok(end.leftovers.length > 0);
        assert.ok(end.leftovers.every((one) => one.includes("sleep 60")));
      } finally {
        killAll(processesWith(MARK));
      }
    },
  );

  it("takes the command along when it is killed itself", LIMIT, async (t) => {
    if (!ON_LINUX) return t.skip("needs /proc");
    const line = `setsid sh -c "sleep 60; : $0" > ${NOWHERE} & ` +
      `echo ready >&2; exec > ${NOWHERE}; while :; do sleep 0.1; done`;
    const { code } = await runExec({
      config,
      how,
      words: shell(line),
      interruptions: [{ at: READY, signal: "SIGKILL" }],
    });
    assert.equal(code, null);
    const start = performance.now();
    try {
      await once(
        marked,
        ({ length }) =>
          length === 0 || performance.now() - start > GONE_LIMIT_MS,
      );
      assert.deepEqual(marked(), []);
    } finally {
      killAll(processesWith(MARK));
    }
  });
});
