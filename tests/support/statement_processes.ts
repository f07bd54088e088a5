// The processes in which statements of the demo database run, as the system sees them.

import { spawnSync } from "node:child_process";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { isRunning } from "./running.ts";

const POLL_MS = 20;

/** The ids of those that a process started; other children of it do not count. */
export function statementsOf(pid: number): number[] {
  const format = ["-e", "-o", "pid=,ppid=,args="];
  const { stdout } = spawnSync("ps", format, { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.endsWith(" demo statement"))
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child as number);
}

/** The first of them, once there is one; the test's own limit is the deadline. */
export async function firstStatementOf(pid: number): Promise<number> {
  for (;;) {
    const [child] = statementsOf(pid);
    if (child !== undefined) return child;
    await delay(POLL_MS);
  }
}

/** Resolves when a statement that nobody is left to stop has ended by itself; one that does not is killed, and a failure. */
export async function endedByItself(
  pid: number,
  limitMs: number,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (isRunning(pid)) {
    if (performance.now() > deadline) {
      killStatements([pid]);
      throw new Error(`The statement still runs after ${limitMs} ms`);
    }
    await delay(POLL_MS);
  }
}

/** Kills statements that a failed test left behind. */
export function killStatements(pids: readonly number[]): void {
  for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
}
