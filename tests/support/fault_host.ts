// One process for the HTTP servers of many cases: a process of its own costs more than most cases do.

import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { BUN } from "./program.ts";
import { ServerProcess } from "./server_process.ts";

const PROGRAM = fileURLToPath(new URL("fault_server.mjs", import.meta.url));
const READY = /^hosting$/;

/** Call it at the top of a file: its tests share one host. */
export function sharedHost(): () => Promise<FaultHost> {
  let host: Promise<FaultHost> | undefined;
  after(async () => await (await host)?.[Symbol.asyncDispose]());
  return () => host ??= FaultHost.start();
}

/** Where servers live that never die of what they are ordered; disposing of it ends all of them. */
export class FaultHost implements AsyncDisposable {
  readonly #process: ServerProcess;

  private constructor(process: ServerProcess) {
    this.#process = process;
  }

  static async start(): Promise<FaultHost> {
    const args = [PROGRAM, "hosts"];
    const { server } = await ServerProcess.start({
      command: BUN,
      args,
      ready: READY,
    });
    return new this(server);
  }

  /** Starts a server that takes its orders from this file; resolves with its origin. */
  async open(orders: string): Promise<string> {
    const said = `opened ${orders} `;
    return (await this.#ask(`open ${orders}`, said)).slice(said.length);
  }

  /** Ends the server that takes its orders from this file. */
  async close(orders: string): Promise<void> {
    await this.#ask(`close ${orders}`, `closed ${orders}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }

  /** The line that begins like this and answers what is said. */
  async #ask(line: string, beginning: string): Promise<string> {
    this.#process.say(line);
    return await this.#process.output.until(
      beginning,
      (said) => said.startsWith(beginning),
    );
  }
}
