// A server that misbehaves when a test says so, over whichever transport, and what it wrote down.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LastingPort } from "./fault_port.ts";
import { ServerProcess } from "./server_process.ts";
import type { BackendTransport } from "./servers.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** When something goes wrong, as the orders name it. */
export type FaultPhase =
  | "connecting"
  | "initialising"
  | "idle"
  | "calling"
  | "streaming";

/** What is to be done wrong; `fault_conversation.mjs` and the transports beside it say what each means. */
export interface Order {
  readonly do: string;
  readonly code?: number;
  readonly status?: number;
  readonly mib?: number;
}

/** Where a config says that the server is; the others lead nowhere. */
export type Place = "where it is" | "nowhere" | "unknown name" | "behind TLS";

const PROGRAM = fileURLToPath(new URL("fault_server.mjs", import.meta.url));
const POLL_MS = 20;
/** How long its open answers may take to end once its clients are gone. */
const QUIET_LIMIT_MS = 5_000;

/** The one server of a case; disposing of it ends it. */
export class FaultBackend implements AsyncDisposable {
  readonly transport: BackendTransport;
  readonly #folder: TemporaryFolder;
  readonly #port: LastingPort | undefined;
  #process?: ServerProcess;

  private constructor(
    transport: BackendTransport,
    folder: TemporaryFolder,
    port: LastingPort | undefined,
  ) {
    this.transport = transport;
    this.#folder = folder;
    this.#port = port;
  }

  /** Makes one; it runs unless it is started by its clients, or to be found nowhere. */
  static async start(
    transport: BackendTransport,
    place: Place = "where it is",
  ): Promise<FaultBackend> {
    const folder = await TemporaryFolder.create();
    const port = transport === "stdio" ? undefined : await LastingPort.take();
    const backend = new this(transport, folder, port);
    if (place !== "nowhere") await backend.comeUp();
    return backend;
  }

  /** Its entry in `mcpServers`. */
  entry(place: Place = "where it is"): Record<string, unknown> {
    if (this.transport === "stdio") {
      const missing = join(this.#folder.path, "no-such-program");
      const command = place === "nowhere" ? missing : "node";
      return { command, args: [PROGRAM, "stdio", this.#orders] };
    }
    const host = place === "unknown name" ? "name.invalid" : "127.0.0.1";
    const scheme = place === "behind TLS" ? "https" : "http";
    const path = this.transport === "sse" ? "sse" : "mcp";
    const url = `${scheme}://${host}:${this.#port?.number}/${path}`;
    return { url, transport: this.transport };
  }

  /** Orders one thing for one phase; it is done once. */
  order(phase: FaultPhase, order: Order): void {
    // Never half written for a server that reads it.
    writeFileSync(`${this.#orders}.new`, JSON.stringify({ [phase]: order }));
    renameSync(`${this.#orders}.new`, this.#orders);
  }

  /** Starts it, again on its port where it listens; the one over stdio is started by its clients. */
  async comeUp(): Promise<void> {
    if (this.transport === "stdio") return;
    await this.#process?.[Symbol.asyncDispose]();
    const args = [PROGRAM, "http", this.#orders, String(this.#port?.number)];
    const ready = /^listening (.+)$/;
    const { server } = await ServerProcess.start({ args, ready });
    this.#process = server;
  }

  /** Everything it wrote down: what it was asked. */
  get journal(): readonly string[] {
    try {
      return readFileSync(`${this.#orders}.journal`, "utf8").trim().split("\n");
    } catch {
      return []; // Nothing was written yet.
    }
  }

  /** How often it wrote a line down. */
  count(line: string): number {
    return this.journal.filter((one) => one === line).length;
  }

  /** Resolves when it has written a line down so often; the test's own limit is the deadline. */
  async noted(line: string, times = 1): Promise<void> {
    while (this.count(line) < times) await delay(POLL_MS);
  }

  /** Resolves when no answer of it is unfinished; rejects when that takes too long. */
  async quiet(): Promise<void> {
    if (!this.#process) return;
    const deadline = performance.now() + QUIET_LIMIT_MS;
    for (;;) {
      const response = await fetch(
        `http://127.0.0.1:${this.#port?.number}/open`,
        {
          headers: { connection: "close" },
        },
      );
      const open = Number(await response.text());
      if (open === 0) return;
      if (performance.now() > deadline) {
        throw new Error(`${open} answers of the server are still open`);
      }
      await delay(POLL_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
    await this.#port?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  get #orders(): string {
    return join(this.#folder.path, "orders.json");
  }
}
