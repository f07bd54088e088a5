// What Linux says of processes, in /proc.

import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second, in which Linux counts processor time; the same on every platform. */
const TICKS = 100;
const KIB = 1024;

/** One process. */
export interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  /** One letter; `Z` is a zombie. */
  readonly state: string;
  /** Its processor time, in seconds. */
  readonly seconds: number;
  /** That of its children that have ended. */
  readonly childrenSeconds: number;
}

/** The state of a process; `undefined` when there is none. */
export function stateOf(pid: number): ProcessState | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The name before may hold spaces and brackets.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (!fields) return undefined;
  const ticks = (index: number) => Number(fields[index]);
  return {
    pid,
    state: fields[0] as string,
    parent: ticks(1),
    seconds: (ticks(11) + ticks(12)) / TICKS,
    childrenSeconds: (ticks(13) + ticks(14)) / TICKS,
  };
}

/** All processes that are not zombies. */
export function processes(): ProcessState[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name))
    .flatMap((name) => stateOf(Number(name)) ?? [])
    .filter(({ state }) => state !== "Z");
}

/** Its children and theirs. */
export function descendantsOf(
  pid: number,
  all: readonly ProcessState[],
): ProcessState[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/** Whether a process has this text in its environment or among its arguments. */
export function isMarked(pid: number, mark: string): boolean {
  return read(`/proc/${pid}/environ`)?.includes(mark) === true ||
    argumentsOfProcess(pid).includes(mark);
}

/** The arguments of a process, with spaces between them. */
export function argumentsOfProcess(pid: number): string {
  return read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim() ?? "";
}

/** How many file descriptors a process has open. */
export function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    // It has ended.
    return 0;
  }
}

/** The resident memory of a process, in bytes. */
export function memoryOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "");
  return Number(kib?.[1] ?? 0) * KIB;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // It has ended.
    return undefined;
  }
}
