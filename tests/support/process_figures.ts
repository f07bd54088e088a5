// What a process holds, as Linux counts it.

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const KIB_PER_MIB = 1024;

/** How long it may take to close what it no longer needs. */
const SETTLING_MS = 5_000;
const POLL_MS = 50;

/** How many files and sockets it has open. */
export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** The same once they are at most `most`; rejects when that takes too long. */
export async function settledFilesOf(
  pid: number,
  most: number,
): Promise<number> {
  const deadline = performance.now() + SETTLING_MS;
  for (;;) {
    const open = openFilesOf(pid);
    if (open <= most) return open;
    if (performance.now() > deadline) {
      throw new Error(`${open} files are open, wanted at most ${most}`);
    }
    await delay(POLL_MS);
  }
}

/** Its resident memory, in MiB. */
export function residentMibOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / KIB_PER_MIB;
}
