// A child process with all its descendants, as one thing to signal; none outlives the gateway.

import { spawn } from "node:child_process";
import process from "node:process";
import { hasRunningMember } from "./process_table.ts";
import { reaper } from "./reaper.ts";

/** How long a child may take to leave by itself once its input is closed. */
export const INPUT_CLOSED_GRACE_MS = 2_000;
/** How long its group may take to leave after SIGTERM. */
export const TERMINATE_GRACE_MS = 3_000;
/** Both, where the caller it works for has lost the right to it. */
export const REVOKED_GRACE_MS = 200;

const POLL_INTERVAL_MS = 50;

/** Whether children get a process group of their own; Windows has none, there the process tree stands in. */
export const HAS_PROCESS_GROUPS = process.platform !== "win32";

const live = new Set<ProcessGroup>();
let watchingExit = false;

/** The group that a child spawned with `detached: HAS_PROCESS_GROUPS` leads. */
export class ProcessGroup {
  readonly #leader: number;
  readonly #since = performance.now();

  /** @param leader its first process */
  constructor(leader: number) {
    this.#leader = leader;
  }

  /** Ends the group with this process from now until `release()`, however that ends. */
  adopt(): void {
    live.add(this);
    reaper()?.add(this.#leader);
    if (watchingExit) return;
    watchingExit = true;
    process.on("exit", killAll);
  }

  /** Signals every process of the group; one that has ended already is no error. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
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
    while (this.isAlive) {
      if (performance.now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
    return true;
  }

  /** Takes back `adopt()`: the group's number may belong to another one soon. */
  release(): void {
    live.delete(this);
    reaper()?.remove(this.#leader);
  }

  /** Whether any process of the group is left. */
  get isAlive(): boolean {
    try {
      process.kill(HAS_PROCESS_GROUPS ? -this.#leader : this.#leader, 0);
    } catch {
      return false; // As in `signal()`.
    }
    return process.platform !== "linux" ||
      hasRunningMember(this.#leader, this.#since);
  }
}

function killAll(): void {
  for (const group of live) group.signal("SIGKILL");
}

function endTree(leader: number, name: string): void {
  const force = name === "SIGKILL" ? ["/F"] : [];
  const args = ["/PID", String(leader), "/T", ...force];
  const taskkill = spawn("taskkill", args, { stdio: "ignore" });
  taskkill.on("error", () => {
    // Best effort: without taskkill the leader's closed input has to do.
  });
}
