// A server that listens, as a child process of the test.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Seen } from "./seen.ts";

/** How to start a server. */
export interface ServerProcessOptions {
  /** `node` when absent. */
  readonly command?: string;
  readonly args: readonly string[];
  /** Its current folder; that of the test when absent. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The line, on stdout or stderr, that says it is ready. */
  readonly ready: RegExp;
  /** What ends it; SIGKILL when absent. */
  readonly end?: NodeJS.Signals;
}

/** Each with the signal that ends it. */
const running = new Map<ChildProcess, NodeJS.Signals>();

// A test that is ended from outside takes its servers with it.
process.on("exit", () => {
  for (const [child, end] of running) child.kill(end);
});

/** A running server; disposing of it ends it. */
export class ServerProcess implements AsyncDisposable {
  /** What it wrote. */
  readonly output = new Seen<string>((line) => line);
  readonly #child: ChildProcess;
  readonly #end: NodeJS.Signals;
  readonly #exited: Promise<void>;

  private constructor(options: ServerProcessOptions) {
    const { command = "node", args, cwd, env, end = "SIGKILL" } = options;
    const child = spawn(command, [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    this.#end = end;
    running.set(child, end);
    this.#exited = new Promise((resolve) => {
      child.once("close", () => {
        running.delete(child);
        this.output.fail(new Error(this.#ending(args)));
        resolve();
      });
      child.once("error", (error) => this.output.fail(error));
    });
    this.#read(child.stdout);
    this.#read(child.stderr);
  }

  /** Starts a server; resolves, with what `ready` matched, when it is ready. */
  static async start(
    options: ServerProcessOptions,
  ): Promise<{ server: ServerProcess; ready: RegExpMatchArray }> {
    const server = new ServerProcess(options);
    try {
      const { ready } = options;
      const line = await server.output.until(
        `a line like ${ready}`,
        (line) => ready.test(line),
      );
      return { server, ready: line.match(ready) as RegExpMatchArray };
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Writes a line to its stdin. */
  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill(this.#end);
    await this.#exited;
  }

  #ending(args: readonly string[]): string {
    const said = this.output.all.join("\n");
    return `the server ended: ${args.join(" ")}\n${said}`;
  }

  #read(stream: Readable): void {
    createInterface(stream).on("line", (line) => this.output.add(line));
  }
}
