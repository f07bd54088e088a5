// The gateway's reaper, as the system sees it.

import { argumentsOfProcess, processes } from "./processes.ts";

/** The processes that end the gateway's children when the gateway is killed; there should be one. */
export function reapersOf(gateway: number): number[] {
  return processes().filter(({ parent }) => parent === gateway)
    .map(({ pid }) => pid)
    .filter(isReaper);
}

/** Whether a process is a reaper. */
export function isReaper(pid: number): boolean {
  return /\breaper\b/.test(argumentsOfProcess(pid));
}
