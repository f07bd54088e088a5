// Runs a program to its end.

import { spawnSync } from "node:child_process";
import process from "node:process";

/** What a program is given besides its arguments. */
export interface RunOptions {
  /** Its current folder; that of the test when absent. */
  readonly cwd?: string;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input. */
  readonly input?: string;
  /** How long it may take. */
  readonly limitMs: number;
}

/** How much of what a program said is shown when it fails. */
const SHOWN_LINES = 5;

/** Runs a program; throws with its command line and its last words unless it ends with 0. */
export function run(
  [command, ...args]: readonly [string, ...string[]],
  { cwd, env, input = "", limitMs }: RunOptions,
): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    input,
    timeout: limitMs,
    encoding: "utf8",
  });
  if (status === 0) return;
  const said = (stderr || stdout || "").trim().split("\n");
  const why = error?.message ?? said.slice(-SHOWN_LINES).join("\n");
  throw new Error(`${[command, ...args].join(" ")}: ${why}`);
}
