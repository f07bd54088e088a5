// A command that runs for whoever has started this process: with our standard streams, and at our terminal where there is one.

import { constants } from "node:os";
import process from "node:process";
import { isatty } from "node:tty";
import type { ChildProcess } from "node:child_process";
import { spawn } from "../../deps.ts";
import { within } from "../channel/within.ts";
import type { StopSignal } from "./interruptions.ts";
import { HAS_PROCESS_GROUPS, ProcessGroup } from "./process_group.ts";
import { reaper, withMark } from "./reaper.ts";

const STANDARD_STREAMS = [0, 1, 2];

/** What shells add to the number of the signal that has ended a command. */
const SIGNALLED = 128;

/**
 * A command that is running. Where a standard stream is a terminal the command is in our own
 * process group, so that it can read from the terminal and hears what is typed there; elsewhere
 * it leads a group of its own, which is gone when it was told to end.
 */
export class CommandProcess {
  /** Resolves with its exit code, or 128 and the number of the signal that has ended it, as shells show it. */
  readonly ended: Promise<number>;
  readonly pid: number;
  /** Absent where it is in ours. */
  readonly #group?: ProcessGroup;
  readonly #mark?: string;
  #isRunning = true;
  #isTold = false;

  private constructor(
    child: ChildProcess,
    pid: number,
    { group, mark }: { readonly group?: ProcessGroup; readonly mark?: string },
  ) {
    this.pid = pid;
    this.#group = group;
    this.#mark = mark;
    group?.adopt();
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#isRunning = false;
        resolve(code ?? exitCodeOf(signal));
      });
    });
    child.on("error", () => {
      // It runs: this is a signal that could not be delivered, and the next one is stronger.
    });
  }

  /** Starts it; rejects with the error of the system, whose `code` says why it cannot be. */
  static async start(
    [program, ...args]: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
  ): Promise<CommandProcess> {
    const detached = HAS_PROCESS_GROUPS && !hasTerminal();
    const mark = await reaper()?.mark();
    const child = spawn(program, args, {
      stdio: "inherit",
      env: mark === undefined ? { ...env } : withMark(env, mark),
      detached,
    });
    if (child.pid === undefined) {
      throw await new Promise((resolve) => child.once("error", resolve));
    }
    const group = detached ? new ProcessGroup(child.pid) : undefined;
    return new CommandProcess(child, child.pid, { group, mark });
  }

  /** Whether it hears by itself of a signal that we have heard: of Ctrl-C at the terminal. */
  hearsItself(signal: StopSignal): boolean {
    return signal === "SIGINT" && this.#group === undefined;
  }

  /**
   * Passes a signal on, SIGINT to its whole group as the keyboard does; once it has ended, what is
   * left of its group gets SIGTERM; after `graceMs` what is left then is killed. Resolves when
   * nothing of it is left.
   */
  async end(signal: StopSignal, graceMs: number): Promise<void> {
    this.#isTold = true;
    const deadline = performance.now() + graceMs;
    const group = this.#group;
    if (signal === "SIGINT" && group) group.signal(signal);
    else this.#signal(signal);
    let isGone = await within(this.ended, graceMs);
    if (isGone && group?.isAlive) {
      group.signal("SIGTERM");
      isGone = await group.gone(deadline - performance.now());
    }
    if (!isGone) this.kill();
    await this.ended;
  }

  /** Kills it, and its group where it has its own. */
  kill(): void {
    this.#group?.signal("SIGKILL");
    this.#signal("SIGKILL");
  }

  /** Lets go of it: kills it where it runs. What it has left behind when it ended by itself is nobody's business. */
  async release(): Promise<void> {
    if (this.#isRunning) {
      this.#isTold = true;
      this.kill();
    }
    await this.ended;
    this.#group?.release();
    if (!this.#isTold) reaper()?.unmark(this.#mark ?? "");
  }

  #signal(name: StopSignal | "SIGKILL"): void {
    if (!this.#isRunning) return;
    try {
      process.kill(this.pid, name);
    } catch {
      // ESRCH: it has just ended. EPERM: it has become another user's, and is not ours to end.
    }
  }
}

function hasTerminal(): boolean {
  return STANDARD_STREAMS.some((descriptor) => isatty(descriptor));
}

function exitCodeOf(signal: NodeJS.Signals | null): number {
  const number = signal === null ? undefined : constants.signals[signal];
  return SIGNALLED + (number ?? 0);
}
