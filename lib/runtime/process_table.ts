// The processes that run on this machine, where the system tells of them: Linux, in /proc.

import { readdirSync, readFileSync } from "node:fs";

/** One process, and the group that it is in. */
export interface RunningProcess {
  readonly pid: number;
  readonly group: number;
}

/**
 * Whether a group has a member that is more than a zombie. In a container whose first
 * process does not reap orphans they stay for ever, and `kill(-group, 0)` finds them.
 */
export function hasRunningMember(group: number): boolean {
  const pids = processIds();
  return pids === undefined || pids.some((pid) => {
    const [state, , memberOf] = statOf(pid);
    return memberOf === String(group) && state !== "Z" && state !== "X";
  });
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
