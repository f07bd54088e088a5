// A server that misbehaves when a test says so, over whichever transport, and what it wrote down.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FaultHost } from "./fault_host.ts";
import { LastingPort } from "./fault_port.ts";
import { BUN } from "./program.ts";
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

/** What a server speaks, and over what. */
export type BackendKind = BackendTransport | "modern-stdio" | "modern-http";

/** Where a config says that the server is; the others lead nowhere. */
export type Place = "where it is" | "nowhere" | "unknown name" | "behind TLS";

const PROGRAM = fileURLToPath(new URL("fault_server.mjs", import.meta.url));
const PATHS: Partial<Record<BackendKind, string>> = {
  "sse": "/sse",
  "streamable-http": "/mcp",
  "modern-http": "/modern",
};
const POLL_MS = 20;
/** How long its open answers may take to end once its clients are gone. */
const QUIET_LIMIT_MS = 5_000;

/** How a server is started, when it matters. */
export interface FaultBackendOptions {
  /** `where it is` when absent. */
  readonly place?: Place;
  /** Where it lives if it listens; absent: in a process of its own, which may die and come up again. */
  readonly host?: FaultHost;
}

/** The one server of a case; disposing of it ends it. */
export class FaultBackend implements AsyncDisposable {
  readonly kind: BackendKind;
  readonly #folder: TemporaryFolder;
  readonly #host: FaultHost | undefined;
  readonly #port: LastingPort | undefined;
  #process?: ServerProcess;
  #origin?: string;

  private constructor(
    kind: BackendKind,
    folder: TemporaryFolder,
    { host, port }: { readonly host?: FaultHost; readonly port?: LastingPort },
  ) {
    this.kind = kind;
    this.#folder = folder;
    this.#host = host;
    this.#port = port;
    if (port) this.#origin = `http://127.0.0.1:${port.number}`;
  }

  /** Makes one; it runs unless it is started by its clients, or to be found nowhere. */
  static async start(
    kind: BackendKind,
    { place = "where it is", host }: FaultBackendOptions = {},
  ): Promise<FaultBackend> {
    const folder = await TemporaryFolder.create();
    const port = isChild(kind) || host ? undefined : await LastingPort.take();
    const backend = new this(kind, folder, { host, port });
    if (place !== "nowhere") await backend.comeUp();
    return backend;
  }

  /** Whether each of its lives is a child of the gateway. */
  get isChild(): boolean {
    return isChild(this.kind);
  }

  /** Whether it is of the modern era. */
  get isModern(): boolean {
    return this.kind.startsWith("modern-");
  }

  /** Its entry in `mcpServers`. */
  entry(place: Place = "where it is"): Record<string, unknown> {
    if (this.isChild) {
      const missing = join(this.#folder.path, "no-such-program");
      const command = place === "nowhere" ? missing : BUN;
      const kind = this.isModern ? "modern" : "stdio";
      return { command, args: [PROGRAM, kind, this.#orders] };
    }
    const url = new URL(PATHS[this.kind] as string, this.#origin);
    if (place === "unknown name") url.hostname = "name.invalid";
    if (place === "behind TLS") url.protocol = "https";
    const transport = this.kind === "sse" ? "sse" : "streamable-http";
    return { url: url.href, transport };
  }

  /** Orders one thing for one phase; it is done once. */
  order(phase: FaultPhase, order: Order): void {
    // Never half written for a server that reads it.
    writeFileSync(`${this.#orders}.new`, JSON.stringify({ [phase]: order }));
    renameSync(`${this.#orders}.new`, this.#orders);
  }

  /** Starts it, again on its port where it listens; the one over stdio is started by its clients. */
  async comeUp(): Promise<void> {
    if (this.isChild) return;
    if (this.#host) {
      this.#origin = await this.#host.open(this.#orders);
      return;
    }
    await this.#process?.[Symbol.asyncDispose]();
    const args = [PROGRAM, "http", this.#orders, String(this.#port?.number)];
    const ready = /^listening (.+)$/;
    const { server } = await ServerProcess.start({ command: BUN, args, ready });
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
    if (this.isChild) return;
    const deadline = performance.now() + QUIET_LIMIT_MS;
    for (;;) {
      const response = await fetch(`${this.#origin}/open`, {
        headers: { connection: "close" },
      });
      const open = Number(await response.text());
      if (open === 0) return;
      if (performance.now() > deadline) {
        throw new Error(`${open} answers of the server are still open`);
      }
      await delay(POLL_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#origin !== undefined) await this.#host?.close(this.#orders);
    await this.#process?.[Symbol.asyncDispose]();
    await this.#port?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  get #orders(): string {
    return join(this.#folder.path, "orders.json");
  }
}

function isChild(kind: BackendKind): boolean {
  return kind === "stdio" || kind === "modern-stdio";
}
