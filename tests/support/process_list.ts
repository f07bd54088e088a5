// The processes of this machine, by what stands in their command lines.

import { spawnSync } from "node:child_process";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 20;

/** One process. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly args: string;
}

/** All processes but zombies. */
export function listProcesses(): ListedProcess[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,pgid=,stat=,args="], {
    encoding: "utf8",
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, group, state, args = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith("Z")) return [];
    return [{
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      args,
    }];
  });
}

/** The ids of those whose command line has `text` in it. */
export function processesWith(text: string): number[] {
  return listProcesses().filter(({ args }) => args.includes(text))
    .map(({ pid }) => pid);
}

/** Resolves with `look()` once it is what `wanted` says; the test's own limit is the deadline. */
export async function once<T>(
  look: () => T,
  wanted: (seen: T) => boolean,
): Promise<T> {
  for (;;) {
    const seen = look();
    if (wanted(seen)) return seen;
    await delay(POLL_MS);
  }
}

/** Kills what a failed test has left behind. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}
