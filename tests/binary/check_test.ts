// `mcp-front check` of the executable: at a terminal, interrupted, and beside other output.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { MARK, marked, runCheck } from "../support/check_run.ts";
import { commandOf } from "../support/program.ts";
import { installed } from "../support/reference_servers.ts";
import { ended } from "../support/running.ts";
import { LIMIT, pathOf } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

/** `script` of util-linux gives a program a terminal. */
const HAS_SCRIPT =
  spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;
const WHY_SKIPPED = "needs the command `script` of util-linux";

const COLUMNS = 76;
/** Within 250 ms the same signal is an echo of the first. */
const ECHO_MS = 400;
/** On a busy machine; a child that ignores SIGTERM is waited for 5 s otherwise. */
const AT_ONCE_MS = 3_000;
const BOTH_STARTED = /(Backend started[^]*){2}/;
const how = "binary" as const;

function illMannered(habit: string) {
  const args = [pathOf("ill_mannered_server.mjs"), habit, MARK];
  return { command: "node", args };
}

const SERVERS = {
  everything: { command: "node", args: [installed("everything"), "stdio"] },
  dies: illMannered("dies at start"),
  missing: { command: "no-such-program" },
};

const [binary] = commandOf(how);

/** What appears on a terminal when a shell runs the command line there. */
async function atTerminal(
  command: string,
  { env = {}, rows = 24, servers = SERVERS }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly rows?: number;
    readonly servers?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<{ readonly screen: string; readonly code: number | null }> {
  await using folder = await TemporaryFolder.create();
  const file = join(folder.path, "config.jsonc");
  writeFileSync(file, JSON.stringify(configWith(servers)));
  const line = `stty cols ${COLUMNS} rows ${rows}; ${command}`;
  const { stdout, status } = spawnSync("script", ["-qec", line, "/dev/null"], {
    cwd: folder.path,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "", TERM: "xterm-256color", ...env },
  });
  return { screen: stdout.replaceAll("\r\n", "\n"), code: status };
}

/** The text after the last erasure of the live lines. */
function remaining(screen: string): string {
  return screen.slice(screen.lastIndexOf("\u001b[J") + "\u001b[J".length);
}

// deno-lint-ignore no-control-regex -- the colours are what is taken out
const COLOURS = /\u001b\[\d+m/g;
const MOVEMENT = "\u001b[";

describe("mcp-front check at a terminal", () => {
  it(
    "shows how far it is, then only the table, within the width",
    LIMIT,
    async (t) => {
      if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
      const { screen, code } = await atTerminal(`'${binary}' check`);
      assert.equal(code, 1);
      const plain = screen.replaceAll(COLOURS, "");
      assert.match(plain, /^everything {2}connecting … \d\.\d s\ndies {8}/);
      assert.match(plain, /^missing {5}failed$/m);
      assert.ok(plain.includes("\u001b[3A\r\u001b[J"));
      assert.ok(!remaining(screen).replaceAll(COLOURS, "").includes(MOVEMENT));

      const table = remaining(plain);
      assert.match(table, /^server {6}status /);
      assert.match(table, /^ {2}mcp-servers\/everything 2\.0\.0$/m);
      assert.match(table, /^ {2}\| cannot open the database$/m);
      assert.match(table, /\n\n1 of 3 servers is ready, as "dev"\n$/);
      for (const line of table.split("\n")) {
        assert.ok(line.length <= COLUMNS, line);
      }
      assert.ok(remaining(screen).includes("\u001b[31mfailed\u001b[39m"));
    },
  );

  it("draws no more lines than a low terminal has", LIMIT, async (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const rows = 8;
    const silent = {
      ...illMannered("never answers initialize"),
      timeouts: { open: "500ms" },
    };
    const names = Array.from({ length: 12 }, (_, at) => `server-${at}`);
    const servers = Object.fromEntries(names.map((name) => [name, silent]));
    const { screen } = await atTerminal(`'${binary}' check`, { rows, servers });
    const pictures = screen.split("\u001b[J").slice(0, -1);
    assert.ok(pictures.length > 1);
    for (const picture of pictures) {
      assert.ok(picture.split("\n").length <= rows, picture);
    }
    assert.match(screen, /^and 6 more$/m);
  });

  it(
    "prints only the JSON to a stdout that is a file, and colours nothing there",
    LIMIT,
    async (t) => {
      if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
      const command = `'${binary}' check -json > out; echo code $?; cat out`;
      const { screen } = await atTerminal(command);
      const [, json] = remaining(screen).split("code 1\n");
      assert.equal(JSON.parse(json as string).failed, 2);
      assert.ok(!json?.includes(MOVEMENT));
      assert.match(screen, /connecting/);
    },
  );

  it("moves no cursor with TERM=dumb", LIMIT, async (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const { screen } = await atTerminal(`'${binary}' check`, {
      env: { TERM: "dumb" },
    });
    assert.match(screen, /^server /);
    assert.ok(!screen.includes(MOVEMENT), screen);
  });

  it("has live lines without colours with NO_COLOR", LIMIT, async (t) => {
    if (!HAS_SCRIPT) return t.skip(WHY_SKIPPED);
    const { screen } = await atTerminal(`'${binary}' check`, {
      env: { NO_COLOR: "1" },
    });
    assert.match(screen, /connecting/);
    assert.equal(screen.match(COLOURS), null);
  });
});

describe("mcp-front check", () => {
  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    it(
      `ends with ${exit} on ${signal}, with its children gone and nothing printed`,
      LIMIT,
      async () => {
        const silent = illMannered("never answers initialize");
        const stubborn = illMannered("has descendants");
        const { code, stdout, leftovers } = await runCheck({
          config: configWith({ stubborn, silent }),
          how,
          env: { LOG_LEVEL: "info", LOG_FORMAT: "" },
          interruptions: [{ at: BOTH_STARTED, signal }],
        });
        assert.deepEqual([code, stdout], [exit, ""]);
        assert.deepEqual(leftovers, []);
      },
    );
  }

  it(
    "ends at once on a second signal, however long its children would take",
    LIMIT,
    async () => {
      const silent = illMannered("never answers initialize");
      const stubborn = illMannered("ignores its end");
      const { code, stdout, stderr, tookMs } = await runCheck({
        config: configWith({ stubborn, silent }),
        how,
        env: { LOG_LEVEL: "info", LOG_FORMAT: "" },
        interruptions: [
          { at: BOTH_STARTED, signal: "SIGINT" },
          { at: /another signal ends/, signal: "SIGINT", afterMs: ECHO_MS },
        ],
      });
      const pids = [...stderr.matchAll(/"pid":(\d+)/g)].map(([, pid]) => pid);
      for (const pid of pids) await ended(Number(pid));
      assert.deepEqual([code, stdout], [130, ""]);
      assert.ok(tookMs < AT_ONCE_MS, `${tookMs} ms`);
    },
  );

  it("works in the executable as it does from the sources", LIMIT, async () => {
    const run = { config: configWith(SERVERS), args: ["-json"] };
    const ends = [await runCheck({ ...run, how }), await runCheck(run)];
    const [one, other] = ends.map(({ code, stdout, stderr }) => ({
      code,
      stderr,
      report: stdout.replaceAll(/"connect_ms": \d+/g, ""),
    }));
    assert.deepEqual(one, other);
    assert.equal(one?.code, 1);
    assert.deepEqual(marked(), []);
  });
});
