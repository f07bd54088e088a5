// The scripts of `mcp-front completions` in the shells that they are for, as far as these are installed.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { typedCommands } from "../../lib/cli/command_table.ts";
import { CLIENT_NAMES } from "../../lib/cli/connect/client_names.ts";
import { shellWord } from "../../lib/cli/shell_word.ts";
import { ROOT } from "../support/program.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const CONFIG = {
  proxy: {
    auth: {
      kind: "bearer_token",
      tokens: { alice: "$env:A", "my token": "$env:B", "a*": "$env:C" },
    },
  },
  mcpServers: { files: { command: "c" }, db: { url: "$env:DB" } },
};

const TOKENS = ["alice", "my token", "a*"];

/** The words of a command line, the last one still being typed, and what is proposed for that. */
const CASES: readonly [readonly string[], readonly string[]][] = [
  [[""], typedCommands()],
  [["ch"], ["check"]],
  [["-"], ["-config", "-validate", "-version", "-help", "-port"]],
  [["--v"], ["--validate", "--version"]],
  [["schema", "-"], ["-help"]],
  [["init", "-"], ["-config", "-import", "-client", "-help"]],
  [["-port", ""], []],
  [["-port", "8080", "--", "own-com"], ["own-command"]],
  [["check", "-config", "my.jsonc", "-"], ["-token", "-json", "-help"]],
  [["check", "-config=my.jsonc", "--"], ["--token", "--json", "--help"]],
  [["check", "-config", "my.jsonc", "-token", ""], TOKENS],
  [["check", "--config=my.jsonc", "--token", "m"], ["my token"]],
  [["-config", "my.jsonc", "explain", "-server", ""], ["files", "db"]],
  [["connect", "-token", "check", "-client", ""], CLIENT_NAMES],
  [["connect", "-client", "v"], ["vscode"]],
  [["explain", "-tool", ""], []],
  [["completions", ""], ["bash", "zsh", "fish"]],
  [["completions", "z"], ["zsh"]],
  [["demo", ""], ["database"]],
  [["token", ""], ["new", "hash"]],
  [["token", "new", "-"], ["-plain", "-help"]],
  [["check", "-config", "my"], ["my.jsonc"]],
  [["exec", "-config", "my.jsonc", "-only", "d"], ["db"]],
  [["exec", "-summary", "my"], ["my.jsonc"]],
  [
    ["exec", "-only", "db", "-config", "my.jsonc", "-"],
    ["-token", "-only", "-summary", "-log", "-help"],
  ],
  [["exec", "-token", "alice", "--", "own-com"], ["own-command"]],
  [["exec", "--", "own-command", "my"], ["my.jsonc"]],
  [["check", "-config", "none.jsonc", "-token", ""], []],
  [["no-such-command", ""], []],
];

/** What each shell runs for a case; it prints one proposal a line. */
const TRIALS = {
  // bash takes words apart at "=".
  bash: (words: readonly string[]) => {
    const parts = words.flatMap((word) => word.split(/(=)/));
    return `COMP_WORDS=(mcp-front ${parts.map(shellWord).join(" ")})
COMP_CWORD=${parts.length}
_mcp_front
for one in "\${COMPREPLY[@]}"; do eval "printf '%s\\n' $one"; done`;
  },
  zsh: (words: readonly string[]) =>
    `try ${["mcp-front", ...words].map(shellWord).join(" ")}`,
  fish: (words: readonly string[]) =>
    `complete -C ${
      shellWord(["mcp-front", ...words].join(" "))
    } | string replace -r '\\t.*' ''`,
};

/** What there is before the first case. */
const BEGINNINGS = {
  bash: 'eval "$(mcp-front completions bash)"',
  // The parts of zsh that need a terminal, as far as the script uses them.
  zsh: `
compdef() { }
compadd() { shift; print -rl -- "$@" }
_describe() { local list=\${@[-1]}; print -rl -- "\${(@)\${(@P)list}%%:*}" }
_files() { print -rl -- *(N) }
_normal() { if ((CURRENT == 1)); then print own-command; else _files; fi }
compset() { word=\${word#$~2} }
eval "$(mcp-front completions zsh)"
try() { local -a words=("$@"); local CURRENT=$#; _mcp_front }`,
  fish: "mcp-front completions fish | source",
};

const SEPARATOR = "@@@";

for (const shell of ["bash", "zsh", "fish"] as const) {
  describe(`the completions of ${shell}`, () => {
    it(
      "are the commands, options and values that can be typed",
      LIMIT,
      async (t) => {
        if (lacks(shell, t)) return;
        const found = await proposalsIn(shell);
        for (const [index, [words, expected]] of CASES.entries()) {
          const typed = words.at(-1) ?? "";
          const fitting = (found[index] ?? []).filter((one) =>
            // fish has both forms of an option for one dash.
            one.startsWith(typed) && (typed !== "-" || !one.startsWith("--"))
          );
          assert.deepEqual(
            fitting.toSorted(),
            expected.toSorted(),
            words.join(" "),
          );
        }
      },
    );
  });
}

function lacks(shell: keyof typeof TRIALS, t: TestContext): boolean {
  if (spawnSync(shell, ["--version"]).error === undefined) return false;
  t.skip(`needs ${shell}`);
  return true;
}

async function proposalsIn(shell: keyof typeof TRIALS): Promise<string[][]> {
  await using folder = await TemporaryFolder.create();
  const place = join(folder.path, "place");
  mkdirSync(place);
  writeFileSync(join(place, "my.jsonc"), JSON.stringify(CONFIG));
  const ownCommand = join(folder.path, "own-command");
  writeFileSync(ownCommand, "#!/bin/sh\n", { mode: 0o700 });
  const lines = CASES.map(([words]) =>
    `echo ${SEPARATOR}\n${TRIALS[shell](words)}`
  );
  const text = [BEGINNINGS[shell], ...lines].join("\n");
  writeFileSync(join(folder.path, "script"), text);
  const { stdout, stderr } = spawnSync(shell, [join(folder.path, "script")], {
    cwd: place,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: [join(ROOT, "dist"), folder.path, process.env.PATH]
        .join(delimiter),
    },
  });
  assert.equal(stderr, "");
  return stdout.split(`${SEPARATOR}\n`).slice(1)
    .map((part) => part.split("\n").filter((line) => line !== ""));
}
