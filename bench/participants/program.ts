// A program of the benchmark as a process: started, known by its first lines, and ended.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

/** How long a program may take until it is ready. */
const START_LIMIT_MS = 20_000;
const KILL_AFTER_MS = 5_000;
const LAST_LINES = 20;
/** How often a file is looked into, or a port tried. */
const POLL_MS = 2;

/** None is left behind, however the benchmark ends. */
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** What is started. */
export interface ProgramOptions {
  readonly command: readonly [string, ...string[]];
  /**
   * The line that it says when it is ready, on stdout or stderr, its first group what it says with it; or the port
   * of 127.0.0.1 that it then accepts connections at, and then what it says is that origin.
   */
  readonly ready: RegExp | number;
  readonly env?: Readonly<Record<string, string>>;
  /** A file that its stderr goes to. */
  readonly stderr?: string;
}

/** A process; disposing of it ends it. */
export class Program implements AsyncDisposable {
  readonly child: ChildProcess;
  /** What it said with being ready. */
  readonly said: string;

  private constructor(child: ChildProcess, said: string) {
    this.child = child;
    this.said = said;
  }

  /** Starts one; resolves when it is ready. */
  static async start(options: ProgramOptions): Promise<Program> {
    const [file, ...args] = options.command;
    const env = { ...process.env, ...options.env };
    const into = options.stderr === undefined
      ? "pipe"
      : openSync(options.stderr, "a");
    const child = spawn(file, args, { env, stdio: ["ignore", "pipe", into] });
    if (typeof into === "number") closeSync(into);
    running.add(child);
    child.once("exit", () => running.delete(child));
    const lines: string[] = [];
    let ended = (_code: number | null) => {};
    const said = await new Promise<string>((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        clearInterval(polls);
        child.kill("SIGKILL");
        reject(new Error([`${file} ${why}`, ...lines].join("\n")));
      };
      const timer = setTimeout(fail, START_LIMIT_MS, "was not ready in time");
      child.once("error", (error) => fail(error.message));
      ended = (code) => fail(`ended with ${code}`);
      child.once("exit", ended);
      const hear = (line: string) => {
        if (lines.push(line) > LAST_LINES) lines.shift();
        if (typeof options.ready === "number") return;
        const match = options.ready.exec(line);
        if (match) done(match[1] ?? line);
      };
      const done = (what: string) => {
        clearTimeout(timer);
        clearInterval(polls);
        resolve(what);
      };
      const polls = setInterval(() => {
        if (typeof options.ready === "number") {
          tryPort(
            options.ready,
            () => done(`http://127.0.0.1:${options.ready}`),
          );
        } else if (options.stderr !== undefined) {
          readFileSync(options.stderr, "utf8").split("\n").forEach(hear);
        }
      }, POLL_MS);
      for (const stream of [child.stdout, child.stderr]) {
        if (stream) createInterface({ input: stream }).on("line", hear);
      }
    });
    child.off("exit", ended);
    return new Program(child, said);
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), KILL_AFTER_MS);
    await exited;
    clearTimeout(timer);
  }
}

function tryPort(port: number, accepted: () => void): void {
  const socket = connect(port, "127.0.0.1", () => {
    socket.destroy();
    accepted();
  });
  socket.on("error", () => {
    // It does not listen yet.
  });
}
