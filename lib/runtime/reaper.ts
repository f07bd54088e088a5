// The second process of a gateway: should the first be killed, it ends the children that are left. This is the first one's side of it.

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { parse } from "node:path";
import process from "node:process";
import { setImmediate } from "node:timers";
import type { Writable } from "node:stream";
import { within } from "../channel/within.ts";
import { bareEnvironment } from "./bare_environment.ts";
import { MARK_VARIABLE, newMark } from "./mark.ts";
import { thisProgram } from "./this_program.ts";

/** The command that is a reaper. */
const REAPER_COMMAND = "reaper";

/** A reaper that dies younger than this is replaced a while later, or by the next child that is started. */
const GOOD_LIFE_MS = 1_000;
/** A reaper that is this far behind does not read any more. */
const MAX_BACKLOG_BYTES = 64 * 1024;

type ReaperProcess = ChildProcessByStdio<Writable, null, null>;

let employed: Reaper | undefined;

/** From now on every process group of this process has a reaper. `onLoss` hears why one has to be replaced. */
export function employReaper(onLoss: (reason: string) => void): Reaper {
  employed ??= new Reaper(onLoss);
  return employed;
}

/** The reaper of this process, if it employs one. */
export function reaper(): Reaper | undefined {
  return employed;
}

/**
 * It holds a pipe from this process. When that closes, it ends the groups it was told
 * of and, on Linux, every process that has the mark: none slips through between its
 * start and the telling. It is started with the first child, and again when it dies.
 */
export class Reaper {
  readonly #mark = newMark();
  readonly #onLoss: (reason: string) => void;
  readonly #groups = new Set<number>();
  /** Those of programs that are not children like the others. */
  readonly #marks = new Set<string>();
  #process?: ReaperProcess;
  #retry?: ReturnType<typeof setTimeout>;
  #dismissed = false;

  /** @see employReaper */
  constructor(onLoss: (reason: string) => void) {
    this.#onLoss = onLoss;
  }

  /** The environment for a child about to be started. There is a reaper when it returns. */
  environmentFor(
    env: Readonly<Record<string, string>>,
  ): Record<string, string> {
    if (!this.#process) this.#start();
    return withMark(env, this.#mark);
  }

  /** A mark for a program that may leave something behind. What bears it is ended as the children are, until `unmark()`; resolves when the reaper knows that. */
  async mark(): Promise<string> {
    if (!this.#process) this.#start();
    const mark = newMark();
    this.#marks.add(mark);
    this.#tell(`mark ${mark};\n`);
    // In the next turn of the event loop it is written: Bun calls back before.
    await new Promise((resolve) => setImmediate(resolve));
    return mark;
  }

  /** What bears this mark is left to itself. */
  unmark(mark: string): void {
    if (this.#marks.delete(mark)) this.#tell(`unmark ${mark};\n`);
  }

  /** A group to be ended when this process dies. */
  add(group: number): void {
    this.#groups.add(group);
    this.#tell(watch(group));
  }

  /** One that has ended, or that was left to itself. */
  remove(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`forget ${group};\n`);
  }

  /** There will be no more children. It ends what bears the mark and is left nevertheless; resolves when it is gone itself, or after `limitMs`. */
  async dismiss(limitMs: number): Promise<void> {
    this.#dismissed = true;
    clearTimeout(this.#retry);
    const ending = this.#process;
    if (!ending) return;
    const exited = new Promise((resolve) => ending.once("exit", resolve));
    ending.stdin?.end("done;\n");
    await within(exited, limitMs);
  }

  #start(): void {
    clearTimeout(this.#retry);
    const began = performance.now();
    const started = this.#spawn();
    this.#process = started;
    const lost = (reason: string) => this.#lost(started, began, reason);
    started.once("error", ({ message }) => lost(message));
    started.once("exit", (code, signal) => lost(signal ?? `exit code ${code}`));
    // Where the system has no room for another process there is no pipe either; `error` tells.
    if (started.pid === undefined) return;
    started.stdin.on("error", () => {
      // It has died: `exit` tells.
    });
    started.unref();
    const marks = [...this.#marks].map((mark) => `mark ${mark};\n`);
    this.#tell([...[...this.#groups].map(watch), ...marks].join(""));
  }

  #spawn(): ReaperProcess {
    // The mark is not told by the pipe: this process may die before that is written.
    const { command, args } = thisProgram([REAPER_COMMAND, this.#mark]);
    return spawn(command, [...args], {
      stdio: ["pipe", "ignore", "ignore"],
      env: bareEnvironment(),
      cwd: parse(process.execPath).root,
      // What is sent to the terminal's or the gateway's whole group is not meant for it.
      detached: true,
      windowsHide: true,
    });
  }

  #lost(lost: ReaperProcess, began: number, reason: string): void {
    if (this.#process !== lost) return;
    this.#process = undefined;
    if (this.#dismissed) return;
    this.#onLoss(reason);
    const lifeMs = performance.now() - began;
    const waitMs = lifeMs < GOOD_LIFE_MS ? GOOD_LIFE_MS : 0;
    this.#retry = setTimeout(() => this.#start(), waitMs);
    this.#retry.unref();
  }

  #tell(lines: string): void {
    const { stdin } = this.#process ?? {};
    if (!stdin?.writable || lines === "") return;
    stdin.write(lines);
    if (stdin.writableLength > MAX_BACKLOG_BYTES) {
      this.#process?.kill("SIGKILL");
    }
  }
}

/** An environment with a mark, after those that this process has itself. */
export function withMark(
  env: Readonly<Record<string, string>>,
  mark: string,
): Record<string, string> {
  const outer = process.env[MARK_VARIABLE];
  const marks = outer === undefined ? mark : `${outer} ${mark}`;
  return { ...env, [MARK_VARIABLE]: marks };
}

function watch(group: number): string {
  return `watch ${group};\n`;
}
