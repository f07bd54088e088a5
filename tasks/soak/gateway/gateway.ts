// The executable under test, as a process with its log in hand.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { Buffer } from "node:buffer";
import { BoundedFile } from "./bounded_file.ts";
import type { Address } from "../wire/exchange.ts";
import type { LogWatch } from "./log_watch.ts";

/** What to start. */
export interface GatewayOptions {
  readonly program: string;
  readonly config: string;
  readonly folder: string;
  /** Where its log goes. */
  readonly log: string;
  readonly watch: LogWatch;
  readonly env: Readonly<Record<string, string>>;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

const STARTS_WITHIN_MS = 15_000;

/** A running gateway; its owner ends it. */
export class Gateway {
  readonly pid: number;
  /** Resolves when it has ended and its log is read. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #hasEnded = false;

  private constructor(child: ChildProcess, pid: number, file: BoundedFile) {
    this.#child = child;
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.#hasEnded = true;
        file.close();
        resolve({ code, signal });
      });
    });
  }

  /** Starts it; resolves with its address when it listens. */
  static async start(
    options: GatewayOptions,
  ): Promise<{ gateway: Gateway; address: Address }> {
    const { program, config, folder, env, log, watch } = options;
    const child = spawn(resolve(program), ["-config", config], {
      cwd: folder,
      env: { ...process.env, LOG_FORMAT: "json", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const listening = Promise.withResolvers<string>();
    child.once("error", listening.reject);
    const file = new BoundedFile(log);
    createInterface(child.stderr).on("line", (line) => {
      file.write(Buffer.from(`${line}\n`));
      const { msg, url } = watch.take(line);
      if (msg === "Listening" && url !== undefined) listening.resolve(url);
    });
    const gateway = new Gateway(child, child.pid as number, file);
    const early = () => listening.reject(new Error("the gateway has ended"));
    gateway.ended.then(early);
    const timer = setTimeout(early, STARTS_WITHIN_MS);
    try {
      const { hostname, port } = new URL(await listening.promise);
      return { gateway, address: { host: hostname, port: Number(port) } };
    } catch (error) {
      await gateway.kill();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether it runs. */
  get isRunning(): boolean {
    return !this.#hasEnded;
  }

  /** Signals it, if it runs. */
  signal(signal: NodeJS.Signals): void {
    // Not `child.kill()`: after that Deno takes every end for one by the signal.
    if (this.isRunning) process.kill(this.pid, signal);
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    if (this.#child.pid !== undefined) this.signal("SIGKILL");
    await this.ended;
  }
}
