// `mcp-front reaper MARK`: waits for the end of the gateway that started it, then ends the children that are left.

import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { isMark } from "./mark.ts";
import {
  INPUT_CLOSED_GRACE_MS,
  ProcessGroup,
  TERMINATE_GRACE_MS,
} from "./process_group.ts";
import { processesMarked } from "./process_table.ts";

/** How long nothing must be found: what was just being started has no mark yet. */
const SETTLE_MS = 500;
const POLL_INTERVAL_MS = 50;
/** What cannot be killed for that long is not waited for. */
const LIMIT_MS = 15_000;

type Signal = "SIGTERM" | "SIGKILL";

/** One that is to be ended: a group, or a process that has left its group. */
interface Left {
  readonly pid: number;
  signal(name: Signal): void;
}

/** Reads what is to be watched from stdin, whose end is the gateway's; `mark` is what its children are known by. Resolves when nothing is left. */
export async function reap(mark: string): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // It ends with the gateway, not before.
    process.on(signal, () => {});
  }
  const charge = new Charge(mark);
  for await (const line of createInterface({ input: process.stdin })) {
    charge.take(line);
  }
  await charge.end();
}

/** What a reaper is there for. */
class Charge {
  readonly #groups = new Map<number, ProcessGroup>();
  readonly #marks: Set<string>;
  #settleMs = SETTLE_MS;

  constructor(mark: string) {
    this.#marks = new Set([mark]);
  }

  /** A line from the gateway. One that it did not finish is none: half a number is another one. */
  take(line: string): void {
    const [, word, value = ""] = /^(\w+) ?(\S*);$/.exec(line) ?? [];
    const number = Number(value);
    switch (word) {
      case "watch":
        this.#watch(number);
        break;
      case "forget":
        this.#groups.delete(number);
        break;
      case "mark":
        // What could be found everywhere is no mark.
        if (isMark(value)) this.#marks.add(value);
        break;
      case "unmark":
        this.#marks.delete(value);
        break;
      case "done":
        this.#settleMs = 0;
    }
  }

  /** As for the end of a session: their input is closed; then SIGTERM, then SIGKILL. */
  async end(): Promise<void> {
    const start = performance.now();
    const terminated = new Set<number>();
    for (let lastSeen = start;; await delay(POLL_INTERVAL_MS)) {
      const now = performance.now();
      const sinceMs = now - start;
      const left = this.#left();
      if (left.length > 0) lastSeen = now;
      else if (now - lastSeen >= this.#settleMs) return;
      if (sinceMs > LIMIT_MS) return;
      if (sinceMs < INPUT_CLOSED_GRACE_MS) continue;
      const isLate = sinceMs >= INPUT_CLOSED_GRACE_MS + TERMINATE_GRACE_MS;
      for (const one of left) {
        if (isLate) one.signal("SIGKILL");
        else if (!terminated.has(one.pid)) one.signal("SIGTERM");
        terminated.add(one.pid);
      }
    }
  }

  #left(): Left[] {
    for (const [leader, group] of this.#groups) {
      if (!group.isAlive) this.#groups.delete(leader);
    }
    const marked = [...this.#marks].flatMap(processesMarked);
    // Of these the gateway had no time to tell.
    for (const { pid, group } of marked) if (pid === group) this.#watch(group);
    const groups = [...this.#groups].map(([pid, group]) => ({
      pid,
      signal: (name: Signal) => group.signal(name),
    }));
    const strays = marked.filter(({ group }) => !this.#groups.has(group))
      .map(({ pid }) => ({
        pid,
        signal: (name: Signal) => signalOne(pid, name),
      }));
    return [...groups, ...strays];
  }

  #watch(leader: number): void {
    // To signal group 0 or 1 would be to signal this one, or everyone.
    if (leader <= 1 || this.#groups.has(leader)) return;
    this.#groups.set(leader, new ProcessGroup(leader));
  }
}

function signalOne(pid: number, name: Signal): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH: it is gone. EPERM: it has become another user's, and is not ours to end.
  }
}
