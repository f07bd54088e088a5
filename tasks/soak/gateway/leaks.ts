// The processes that a gateway has left behind.

import {
  argumentsOfProcess,
  descendantsOf,
  isMarked,
  processes,
} from "./processes.ts";
import { isReaper } from "./reaper_process.ts";

/** Every process that belongs to the gateway with this pid, or belonged to it: its descendants, and what has its mark. */
export function leftOf(gateway: number, mark: string): number[] {
  const all = processes();
  const left = new Set(
    [
      ...descendantsOf(gateway, all),
      ...all.filter(({ pid }) => isMarked(pid, mark)),
    ].map(({ pid }) => pid),
  );
  left.delete(gateway);
  return [...left];
}

/** The same without the reaper, which lives as long as the gateway. */
export function childrenOf(gateway: number, mark: string): number[] {
  return leftOf(gateway, mark).filter((pid) => !isReaper(pid));
}

/** For people. */
export function describeProcesses(pids: readonly number[]): string {
  return pids.map((pid) => `${pid} (${argumentsOfProcess(pid)})`).join(", ");
}
