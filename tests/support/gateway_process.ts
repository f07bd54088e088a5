// mcp-front as a process of its own, with its log in hand.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { commandOf } from "./program.ts";
import type { Program } from "./program.ts";
import { Seen } from "./seen.ts";

/** What to run, and how. */
export interface GatewayProcessOptions {
  /** The configuration: an object, or the text of the file. Its `proxy.addr` should have port 0. */
  readonly config: Readonly<Record<string, unknown>> | string;
  /** `binary` when absent. */
  readonly how?: Program;
  /** The program and its first arguments, in place of `how`. */
  readonly command?: readonly [string, ...string[]];
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** The current folder of the process, where its config file is put too; a new one when absent. */
  readonly directory?: string;
}

/** One line of the log, parsed. */
export type LogRecord = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly msg: string;
};

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Each with what removes its files. */
const running = new Map<ChildProcess, () => void>();

// A test that is ended from outside takes its gateways with it.
process.on("exit", () => {
  for (const [child, remove] of running) {
    child.kill("SIGKILL");
    remove();
  }
});

/** Starts mcp-front; resolves when it listens, rejects with what it said when it ends instead. */
export async function startGateway(
  options: GatewayProcessOptions,
): Promise<GatewayProcess> {
  const gateway = new GatewayProcess(options);
  try {
    const { url } = await gateway.logged("Listening");
    gateway.url = String(url);
    return gateway;
  } catch (error) {
    await gateway.stop("SIGKILL");
    throw error;
  }
}

/** A running mcp-front; disposing of it ends it and removes its config file. */
export class GatewayProcess implements AsyncDisposable {
  /** Without a path. */
  url = "";
  /** Its config file. */
  readonly file: string;
  readonly child: ChildProcess;
  /** Resolves when the process has ended and its output is read. */
  readonly ended: Promise<Ending>;
  readonly #lines = new Seen<string>((line) => line);
  readonly #records = new Seen<LogRecord>((line) => JSON.stringify(line));
  readonly #remove: () => void;
  #isRunning = true;

  constructor(options: GatewayProcessOptions) {
    const { how = "binary", env, args = [], directory } = options;
    const folder = directory ?? mkdtempSync(join(tmpdir(), "mcp-front-"));
    const file = join(folder, `.config-${process.pid}-${Date.now()}.jsonc`);
    this.file = file;
    const { config } = options;
    writeFileSync(
      file,
      typeof config === "string" ? config : JSON.stringify(config),
    );
    this.#remove = () =>
      rmSync(directory === undefined ? folder : file, {
        recursive: true,
        force: true,
      });
    const [command, ...first] = options.command ?? commandOf(how);
    this.child = spawn(command, [...first, "-config", file, ...args], {
      cwd: folder,
      env: { ...process.env, LOG_FORMAT: "json", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.set(this.child, this.#remove);
    this.ended = this.#watch();
  }

  /** Everything it wrote to standard error so far. */
  logs(): string {
    return this.#lines.all.map((line) => `${line}\n`).join("");
  }

  /** The first log line with this text and these fields, once it is written. */
  logged(
    msg: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<LogRecord> {
    const wanted = Object.entries(fields);
    return this.#records.until(
      `log line "${msg}" ${JSON.stringify(fields)}`,
      (line) =>
        line.msg === msg &&
        wanted.every(([name, value]) => line[name] === value),
    );
  }

  /** Signals the process, if it still runs. */
  signal(signal: NodeJS.Signals): void {
    // Not `child.kill()`: after that Deno takes every end for one by the signal.
    if (this.#isRunning) process.kill(this.child.pid as number, signal);
  }

  /** Signals the process and waits for its end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ending> {
    this.signal(signal);
    return await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #watch(): Promise<Ending> {
    const { stdout, stderr } = this.child;
    for (const stream of [stdout, stderr]) {
      if (stream) createInterface(stream).on("line", (line) => this.#add(line));
    }
    return new Promise((resolve) => {
      this.child.once("error", (error) => this.#records.fail(error));
      this.child.once("exit", () => {
        this.#isRunning = false;
      });
      this.child.once("close", (code, signal) => {
        running.delete(this.child);
        this.#remove();
        this.#records.fail(new Error(`mcp-front ended:\n${this.logs()}`));
        resolve({ code, signal });
      });
    });
  }

  #add(line: string): void {
    this.#lines.add(line);
    if (line.startsWith("{")) this.#records.add(JSON.parse(line));
  }
}
