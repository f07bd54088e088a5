// `mcp-front -- COMMAND` as a process of its own, with what it prints and logs in hand.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Ending } from "./gateway_process.ts";
import { commandOf } from "./program.ts";
import { Seen } from "./seen.ts";

/** What to run, and how. */
export interface FrontOptions {
  /** The command and its arguments. */
  readonly command: readonly string[];
  /** What stands before the two dashes. */
  readonly options?: readonly string[];
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Disposing of it ends it. */
export class FrontProcess implements AsyncDisposable {
  /** Resolves when the process has ended and its output is read. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #stdout = new Seen<string>((line) => line);
  readonly #stderr = new Seen<string>((line) => line);
  #isRunning = true;

  constructor({ command, options = [], env, cwd }: FrontOptions) {
    const [program, ...first] = commandOf("binary");
    this.#child = spawn(program, [...first, ...options, "--", ...command], {
      cwd,
      env: { ...process.env, LOG_FORMAT: "json", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ended = this.#watch();
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Everything on standard output so far. */
  get printed(): string {
    return this.#stdout.all.join("\n");
  }

  /** Everything on standard error so far. */
  get log(): string {
    return this.#stderr.all.join("\n");
  }

  /** The first line of standard output that fits, with what its pattern takes out of it. */
  async prints(pattern: RegExp): Promise<string> {
    const fits = (line: string) => pattern.test(line);
    const line = await this.#stdout.until(String(pattern), fits);
    return pattern.exec(line)?.[1] ?? line;
  }

  /** The token, once it is printed. */
  token(): Promise<string> {
    return this.prints(/^export MCP_TOKEN=(\S+)$/);
  }

  /** The address of the server, once it is printed. */
  url(): Promise<string> {
    return this.prints(/ is at (http:\S+) /);
  }

  /** The first line of standard error that has a text. */
  async logs(text: string): Promise<string> {
    return await this.#stderr.until(text, (line) => line.includes(text));
  }

  /** Signals the process, if it still runs, and waits for its end. */
  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<Ending> {
    if (this.#isRunning) process.kill(this.pid, signal);
    return await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #watch(): Promise<Ending> {
    const child = this.#child;
    const streams = [[child.stdout, this.#stdout], [
      child.stderr,
      this.#stderr,
    ]] as const;
    for (const [stream, seen] of streams) {
      if (stream) createInterface(stream).on("line", (line) => seen.add(line));
    }
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => {
        this.#isRunning = false;
      });
      child.once("close", (code, signal) => {
        const why = new Error(`mcp-front ended:\n${this.printed}\n${this.log}`);
        for (const [, seen] of streams) seen.fail(why);
        resolve({ code, signal });
      });
    });
  }
}
