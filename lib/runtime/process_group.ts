// A child process with all its descendants, as one thing to signal; none outlives the gateway.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

const POLL_INTERVAL_MS = 50;

/** Whether children get a process group of their own; Windows has none, there the process tree stands in. */
export const HAS_PROCESS_GROUPS = process.platform !== "win32";

const live = new Set<ProcessGroup>();
let watchingExit = false;

/** The group that a child spawned with `detached: HAS_PROCESS_GROUPS` leads. */
export class ProcessGroup {
  readonly #leader: number;

  /** Killed with the gateway from now until `release()`. */
  constructor(leader: number) {
    this.#leader = leader;
    live.add(this);
    if (watchingExit) return;
    watchingExit = true;
    process.on("exit", killAll);
  }

  /** Signals every process of the group; one that has ended already is no error. */
  signal(name: "SIGTERM" | "SIGKILL"): void {
    if (!HAS_PROCESS_GROUPS) return endTree(this.#leader, name);
    try {
      process.kill(-this.#leader, name);
    } catch {
      // ESRCH: all gone. EPERM: what is left belongs to another user, and is not ours to end.
    }
  }

  /** Resolves with whether the group is gone within `limitMs`. */
  async gone(limitMs: number): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    while (this.#alive()) {
      if (performance.now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
    return true;
  }

  /** Forgets the group: its number may belong to another one soon. */
  release(): void {
    live.delete(this);
  }

  #alive(): boolean {
    try {
      process.kill(HAS_PROCESS_GROUPS ? -this.#leader : this.#leader, 0);
    } catch {
      return false; // As in `signal()`.
    }
    return process.platform !== "linux" || hasRunningMember(this.#leader);
  }
}

function killAll(): void {
  for (const group of live) group.signal("SIGKILL");
}

function endTree(leader: number, name: "SIGTERM" | "SIGKILL"): void {
  const force = name === "SIGKILL" ? ["/F"] : [];
  const args = ["/PID", String(leader), "/T", ...force];
  const taskkill = spawn("taskkill", args, { stdio: "ignore" });
  taskkill.on("error", () => {
    // Best effort: without taskkill the leader's closed input has to do.
  });
}

/**
 * Whether a group has a member that is more than a zombie. In a container whose first
 * process does not reap orphans they stay for ever, and `kill(-group, 0)` finds them.
 */
function hasRunningMember(group: number): boolean {
  const processes = processIds();
  return processes === undefined || processes.some((pid) => {
    const [state, , memberOf] = statOf(pid);
    return memberOf === String(group) && state !== "Z" && state !== "X";
  });
}

function processIds(): string[] | undefined {
  try {
    return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return undefined; // No /proc here: the answer of `kill` stands.
  }
}

/** The fields of `/proc/PID/stat` after the command's name (proc(5)): state, parent, group, … */
function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return []; // It ended while the directory was read.
  }
}
