// The server side of a stdio conversation, played by a test.

import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LineSplitter } from "../../lib/transports/lines.ts";
import { Queue } from "../../lib/channel/queue.ts";
import { stdioBackend } from "../../lib/transports/backend/stdio.ts";
import type { StdioOptions } from "../../lib/transports/backend/stdio_options.ts";
import type {
  ContractPeer,
  ContractSubject,
} from "../contract/channel_contract.ts";
import { logInto } from "./log_lines.ts";
import { openContext } from "./open_context.ts";

const LIMIT_BYTES = 64 * 1024 * 1024;

/** How to run a script of `tests/support/` as a child, on the runtime that runs the test. */
export function scriptCommand(script: string, ...args: string[]): StdioOptions {
  const file = fileURLToPath(new URL(script, import.meta.url).href);
  const run = "Deno" in globalThis ? ["run", "-A", "--quiet"] : [];
  return {
    command: process.execPath,
    args: [...run, file, ...args],
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
    cwd: process.cwd(),
  };
}

/** Opens a stdio channel to a child that does what the test says. */
export async function openStdio(): Promise<ContractSubject> {
  const { backend, peer } = await puppetBackend();
  const channel = await backend.open(openContext());
  return { channel, peer: await peer };
}

/** A backend whose first child does what the test says. */
export async function puppetBackend() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const options = scriptCommand("puppet.mjs", String(port));
  const backend = stdioBackend("peer", options, logInto([]));
  const connected = once(server, "connection") as Promise<[Socket]>;
  const peer: Promise<ContractPeer> = connected.then(([socket]) => {
    server.close();
    return new StdioPeer(socket);
  });
  return { backend, peer };
}

class StdioPeer implements ContractPeer {
  readonly #socket: Socket;
  readonly #heard = new Queue<string>(10_000);

  constructor(socket: Socket) {
    this.#socket = socket;
    const lines = new LineSplitter(LIMIT_BYTES, "fail");
    socket.on("error", () => {
      // The child was ended: the channel under test is what tells.
    });
    socket.on("data", (chunk: Uint8Array) => {
      for (const line of lines.push(chunk)) {
        this.#heard.push(new TextDecoder().decode(line));
      }
    });
  }

  async hear(): Promise<string> {
    return (await this.#heard.next()).value as string;
  }

  say(json: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(
        `${json}\n`,
        (error) => error ? reject(error) : resolve(),
      );
    });
  }

  leave(): void {
    this.#socket.destroy();
  }

  stopReading(): void {
    this.#socket.pause();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }
}
