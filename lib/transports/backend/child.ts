// One child process from its start to the end of its last descendant.

import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "../../../deps.ts";
import { within } from "../../channel/within.ts";
import {
  HAS_PROCESS_GROUPS,
  INPUT_CLOSED_GRACE_MS,
  ProcessGroup,
  REVOKED_GRACE_MS,
  TERMINATE_GRACE_MS,
} from "../../runtime/process_group.ts";
import { reaper } from "../../runtime/reaper.ts";
import { thisProgram } from "../../runtime/this_program.ts";
import { startFailure } from "./start_failure.ts";
import { OWN_NAME } from "./stdio_options.ts";
import type { StdioOptions } from "./stdio_options.ts";

/** How long to wait for the end of what was killed; the kernel needs a moment. */
const KILL_WAIT_MS = 500;

/** How long a child may take to leave, before it is asked to and before it is made to. */
export interface Pace {
  readonly inputClosedMs: number;
  readonly terminateMs: number;
}

const ORDERLY: Pace = {
  inputClosedMs: INPUT_CLOSED_GRACE_MS,
  terminateMs: TERMINATE_GRACE_MS,
};

/** For a child that works for nobody who may use it. */
export const AT_ONCE: Pace = {
  inputClosedMs: REVOKED_GRACE_MS,
  terminateMs: REVOKED_GRACE_MS,
};
/** How long output may stay silent after the child's death, held open by a descendant. */
const DRAIN_IDLE_MS = 250;

/** How a child ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running child with its own process group. */
export class Child {
  readonly pid: number;
  /** Resolves at the child's death, when descendants may still hold its output. */
  readonly exited: Promise<Exit>;
  readonly stderr: NodeJS.ReadableStream;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #group: ProcessGroup;
  #chunks = 0;
  #delivering = false;
  #stopping?: Promise<void>;

  private constructor(child: ChildProcessWithoutNullStreams, pid: number) {
    this.#child = child;
    this.pid = pid;
    this.stderr = child.stderr;
    this.#group = new ProcessGroup(pid);
    this.#group.adopt();
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    this.exited.then(() => this.#cutWhenIdle());
    child.on("error", () => {
      // It runs: this is a signal that could not be delivered, and the next one is stronger.
    });
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      stream.on("error", () => {
        // A pipe that broke: `write()` or the end of `read()` tells, and `exited` says why.
      });
    }
  }

  /** Starts the child of server `name`. Throws `backend_unavailable`. */
  static async start(name: string, options: StdioOptions): Promise<Child> {
    const { cwd, env } = options;
    const { command, args } = commandLine(options);
    try {
      const child = spawn(command, [...args], {
        cwd,
        env: reaper()?.environmentFor(env) ?? { ...env },
        detached: HAS_PROCESS_GROUPS,
        windowsHide: true,
      });
      if (child.pid !== undefined) return new Child(child, child.pid);
      const error = await new Promise((resolve) => {
        child.once("error", resolve);
      });
      throw error;
    } catch (error) {
      throw startFailure(name, options, error);
    }
  }

  /** Writes to the child's input; resolves when it was taken, with `false` when nobody reads it any more. */
  write(bytes: Uint8Array): Promise<boolean> {
    const { stdin } = this.#child;
    if (!stdin.writable) return Promise.resolve(false);
    return new Promise((resolve) => {
      stdin.write(bytes, (error) => resolve(!error));
    });
  }

  /**
   * Hands over what the child writes; where `take` gives a promise, the next of it once that has resolved. Resolves at
   * the end, which is that of the child also when a descendant keeps its output open; rejects with what `take` throws.
   */
  read(take: (chunk: Uint8Array) => Promise<unknown> | undefined) {
    const { stdout } = this.#child;
    return new Promise<void>((resolve, reject) => {
      let taken: Promise<unknown> = Promise.resolve();
      const goOn = () => {
        this.#delivering = false;
        stdout.resume();
      };
      const hear = (chunk: Uint8Array) => {
        this.#chunks++;
        try {
          const taking = take(chunk);
          if (!taking) return;
          stdout.pause();
          this.#delivering = true;
          taken = taking.then(goOn);
          taken.catch(reject);
        } catch (error) {
          stdout.pause();
          reject(error);
        }
      };
      // An iterator over the stream would take up more memory in each session.
      stdout.on("data", hear);
      // Also where the pipe was cut before its end, by the deadline or by the stop.
      stdout.once("close", () => taken.then(() => resolve(), reject));
    });
  }

  /** Closes the child's input after what was written. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Closes the child's input and sees to it that its whole group ends; resolves when that is done. */
  stop(pace: Pace = ORDERLY): Promise<void> {
    this.#stopping ??= this.#stop(pace);
    return this.#stopping;
  }

  async #stop({ inputClosedMs, terminateMs }: Pace): Promise<void> {
    this.endInput();
    if (!await this.#gone(inputClosedMs)) {
      this.#group.signal("SIGTERM");
      if (!await this.#gone(terminateMs)) {
        this.#group.signal("SIGKILL");
        await this.#gone(KILL_WAIT_MS);
      }
    }
    this.#group.release();
  }

  /** Lets go of the pipes; a descendant that left the group may still hold their other ends. */
  release(): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  }

  async #gone(limitMs: number): Promise<boolean> {
    const start = performance.now();
    if (!await within(this.exited, limitMs)) return false;
    return this.#group.gone(limitMs - (performance.now() - start));
  }

  /** After the child's death: ends its output when nothing more comes, however slowly it is consumed. */
  #cutWhenIdle(): void {
    const { stdout } = this.#child;
    if (stdout.destroyed) return;
    let seen = this.#chunks;
    const timer = setInterval(() => {
      if (!this.#delivering && this.#chunks === seen) stdout.destroy();
      seen = this.#chunks;
    }, DRAIN_IDLE_MS);
    stdout.once("close", () => clearInterval(timer));
  }
}

function commandLine({ command, args }: StdioOptions) {
  return command === OWN_NAME ? thisProgram(args) : { command, args };
}
