// A port for a server that comes and goes.

import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:net";

/** Below what systems give out by themselves, so that nobody takes it while the server is away. */
const LOWEST = 12_000;
const HIGHEST = 31_999;

const SERVERS = "127.0.0.1";
/** Where a port is claimed among the tests that run at the same time, in whichever process. */
const CLAIMS = "127.0.0.2";

/** A port of 127.0.0.1 that is nobody else's until it is disposed of. */
export class LastingPort implements AsyncDisposable {
  readonly number: number;
  readonly #claim: Server | undefined;

  private constructor(number: number, claim: Server | undefined) {
    this.number = number;
    this.#claim = claim;
  }

  /** Finds one. */
  static async take(): Promise<LastingPort> {
    for (;;) {
      const span = HIGHEST - LOWEST + 1;
      const number = LOWEST + Math.floor(Math.random() * span);
      const claim = await listening(number, CLAIMS);
      if (claim === "in use") continue;
      const port = new this(number, claim);
      const probe = await listening(number, SERVERS);
      if (probe !== "in use") {
        await closed(probe);
        return port;
      }
      await port[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closed(this.#claim);
  }
}

/** Nothing where the system has no such address. */
async function listening(
  port: number,
  address: string,
): Promise<Server | "in use" | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, address), "listening");
    return server;
  } catch (error) {
    const { code } = error as { code?: string };
    return code === "EADDRINUSE" ? "in use" : undefined;
  }
}

async function closed(server: Server | undefined): Promise<void> {
  if (server) await new Promise((resolve) => server.close(resolve));
}
