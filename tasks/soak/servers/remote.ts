// A server process that the gateway reaches over HTTP, and that comes back whenever it dies.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { SERVER_PROGRAM } from "../gateway/gateway_config.ts";
import type { RemoteName } from "./servers.ts";
import type { Troubles } from "./troubles.ts";

/** What a server process is started with. */
export interface RemoteOptions {
  readonly name: RemoteName;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly troubles: Troubles;
}

/** Until it comes back when nothing else is said. */
const BACK_AFTER_MS = 700;

/** One server process; its owner stops it. */
export class Remote {
  readonly name: RemoteName;
  readonly #options: RemoteOptions;
  #child?: ChildProcess;
  #exited: Promise<void> = Promise.resolve();
  #back?: ReturnType<typeof setTimeout>;
  #backAfterMs = BACK_AFTER_MS;
  #stopped = false;

  constructor(options: RemoteOptions) {
    this.name = options.name;
    this.#options = options;
    options.troubles.down(options.name);
  }

  /** Its process, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it; resolves when it listens. */
  start(): Promise<void> {
    const { name, port, env, troubles } = this.#options;
    const args = [SERVER_PROGRAM, "http", name, String(port)];
    const child = spawn("node", args, {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#child = child;
    child.stdin.on("error", () => {
      // It died; nothing is ever said to it.
    });
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => {
        this.#child = undefined;
        troubles.down(name);
        resolve();
        this.#comeBack();
      });
    });
    return new Promise((resolve) => {
      child.stdout.once("data", () => {
        troubles.up(name);
        resolve();
      });
      this.#exited.then(resolve);
    });
  }

  /** Kills it, for a while. */
  kill(forMs: number): void {
    this.#backAfterMs = forMs;
    this.#options.troubles.down(this.name);
    this.#child?.kill("SIGKILL");
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#back);
    this.#child?.kill("SIGKILL");
    await this.#exited;
  }

  #comeBack(): void {
    if (this.#stopped) return;
    this.#back = setTimeout(() => void this.start(), this.#backAfterMs);
    this.#backAfterMs = BACK_AFTER_MS;
  }
}
