// Whether processes run, as the system sees it.

import { spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 20;

/** Whether a process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], {
    encoding: "utf8",
  });
  const state = stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

/** Resolves when a process has ended; the test's own limit is the deadline. */
export async function ended(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(POLL_MS);
}

/** Resolves when something holds; the test's own limit is the deadline. */
export async function holds(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(POLL_MS);
}
