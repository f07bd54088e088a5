// An MCP server that listens on HTTP, as a child process of the test.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Seen } from "./seen.ts";

/** How to start a server. */
export interface ServerProcessOptions {
  /** Of node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The line, on stdout or stderr, that says it is ready. */
  readonly ready: RegExp;
}

const running = new Set<ChildProcess>();

// A test that is ended from outside takes its servers with it.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A running server; disposing of it kills it. */
export class ServerProcess implements AsyncDisposable {
  /** What it wrote. */
  readonly output = new Seen<string>((line) => line);
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  private constructor({ args, env }: ServerProcessOptions) {
    const child = spawn("node", [...args], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    running.add(child);
    this.#exited = new Promise((resolve) => {
      child.once("close", () => {
        running.delete(child);
        this.output.fail(new Error(`the server ended: ${args.join(" ")}`));
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  #read(stream: Readable): void {
    createInterface(stream).on("line", (line) => this.output.add(line));
  }
}
