// `mcp-front check`, or another command on a configuration, as a process of its own, to its end.

import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { commandOf } from "./program.ts";
import type { Program } from "./program.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** What is checked, and how. */
export interface CheckRun {
  /** The configuration: an object, or the text of the file. */
  readonly config: Readonly<Record<string, unknown>> | string;
  /** By default `check`. */
  readonly command?: "check" | "explain" | "connect" | "exec" | "tokens";
  /** Besides `-config`. */
  readonly args?: readonly string[];
  /** By default the sources on the runtime of the test. */
  readonly how?: Program;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Signals it gets, one after the other. */
  readonly interruptions?: readonly Interruption[];
}

/** A signal, sent once it has written this to stderr. */
export interface Interruption {
  readonly at: RegExp;
  readonly signal: NodeJS.Signals;
  /** How long after that, in milliseconds; by default at once. */
  readonly afterMs?: number;
}

/** What became of it. */
export interface CheckEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its last signal to its end, in milliseconds; without one, from its start. */
  readonly tookMs: number;
  /** The processes that were left, of those whose command lines have the mark. */
  readonly leftovers: readonly string[];
}

/** Stands on the command lines of servers, so that they are found again. */
export const MARK = `checked-${process.pid}-${Date.now()}`;

/** The name that the config file has. */
export const FILE = "config.jsonc";

/** Runs a check. */
export async function runCheck(run: CheckRun): Promise<CheckEnd> {
  await using folder = await TemporaryFolder.create();
  const { config, command: word = "check", args = [], env } = run;
  const text = typeof config === "string" ? config : JSON.stringify(config);
  writeFileSync(join(folder.path, FILE), text);
  const here = "Deno" in globalThis ? "deno" : "bun";
  const [command, ...first] = commandOf(run.how ?? here);
  const child = spawn(
    command,
    [...first, word, "-config", FILE, ...args],
    {
      cwd: folder.path,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      said[stream] += text;
    });
  }
  let start = performance.now();
  const signals = [...run.interruptions ?? []];
  child.stderr.on("data", () => {
    while (signals[0]?.at.test(said.stderr)) {
      const { signal, afterMs = 0 } = signals.shift() as Interruption;
      setTimeout(() => {
        start = performance.now();
        if (child.exitCode === null) process.kill(child.pid as number, signal);
      }, afterMs);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const tookMs = performance.now() - start;
  return { code, ...said, tookMs, leftovers: marked() };
}

/** The command lines that have the mark. */
export function marked(): string[] {
  const { stdout } = spawnSync("ps", ["-eo", "stat=,args="], {
    encoding: "utf8",
  });
  return stdout.split("\n")
    .filter((line) => line.includes(MARK) && !line.startsWith("Z"));
}
