// The processes that run on this machine, where the system tells of them: Linux, in /proc.

import { readdirSync, readFileSync } from "node:fs";

/** One process, and the group that it is in. */
export interface RunningProcess {
  readonly pid: number;
  readonly group: number;
}

/** How long a look at all processes serves everyone who asks: it takes milliseconds in which nothing else is done. */
const FRESH_MS = 40;

let last: { readonly at: number; readonly groups: ReadonlySet<number> } = {
  at: -Infinity,
  groups: new Set(),
};

/**
 * Whether a group has a member that is more than a zombie. In a container whose first
 * process does not reap orphans they stay for ever, and `kill(-group, 0)` finds them.
 *
 * @param since when the group was begun, as `performance.now()` has it: an older look knows nothing of it
 */
export function hasRunningMember(group: number, since: number): boolean {
  const now = performance.now();
  const isFresh = now - last.at < FRESH_MS && last.at > since;
  if (!isFresh) {
    const groups = runningGroups();
    if (!groups) return true;
    last = { at: now, groups };
  }
  return last.groups.has(group);
}

function runningGroups(): Set<number> | undefined {
  const pids = processIds();
  if (!pids) return undefined;
  const groups = new Set<number>();
  for (const pid of pids) {
    const [state, , group] = statOf(pid);
    if (state !== "Z" && state !== "X") groups.add(Number(group));
  }
  return groups;
}

/** The processes that have `mark` in the environment they were started with; a zombie has none. */
export function processesMarked(mark: string): RunningProcess[] {
  const pids = processIds() ?? [];
  return pids.filter((pid) => textOf(pid, "environ")?.includes(mark))
    .map((pid) => ({ pid, group: Number(statOf(pid)[2]) }));
}

function processIds(): number[] | undefined {
  try {
    return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return undefined; // No /proc here.
  }
}

/** The fields of `/proc/PID/stat` after the command's name (proc(5)): state, parent, group, … */
function statOf(pid: number): string[] {
  const stat = textOf(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
}

function textOf(pid: number, file: "stat" | "environ"): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return undefined; // It has ended meanwhile, or belongs to another user.
  }
}
