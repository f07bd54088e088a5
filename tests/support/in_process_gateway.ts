// A whole gateway within the test's process, listening on a free port, with its log in hand.

import { platform } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import { readConfig } from "../../lib/config/read.ts";
import { readFile } from "../../lib/config/read_file.ts";
import { createGateway } from "../../lib/gateway.ts";
import type { Gateway } from "../../lib/gateway.ts";
import { serve } from "../../lib/runtime/serve.ts";
import type { Listener } from "../../lib/runtime/serve.ts";
import { createLog } from "../../lib/telemetry/log.ts";
import type { FlushableLog } from "../../lib/telemetry/log.ts";
import { Seen } from "./seen.ts";

/** The tokens of the test gateway by name. */
export const TOKENS = {
  alice: "alice-0123456789abcdef",
  bob: "bob-fedcba9876543210",
} as const;

/** One line of the log, parsed. */
export type LogRecord = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly msg: string;
};

const IDLE_SECONDS = 120;
const LOG_FLUSH_MS = 1_000;

/** Starts a gateway for `mcpServers` and further members of `proxy` as they stand in a config file. */
export async function startGateway(
  mcpServers: Readonly<Record<string, unknown>>,
  proxy: Readonly<Record<string, unknown>> = {},
): Promise<InProcessGateway> {
  const config = configFor(mcpServers, proxy);
  const lines = new Seen<LogRecord>((line) => JSON.stringify(line));
  const log = logTo(lines);
  const gateway = createGateway(config, { log });
  const listener = await serve({
    ...config.address,
    tls: config.tls,
    maxBodyBytes: 2 * DEFAULT_LIMITS.clientMessageBytes,
    idleSeconds: IDLE_SECONDS,
    respond: (request, peer) => gateway.fetch(request, peer),
    onFailure: (error) => log.error("Listener failed", { error }),
  });
  const protocol = config.tls === undefined ? "http" : "https";
  const url = `${protocol}://127.0.0.1:${listener.port}`;
  return new InProcessGateway(url, gateway, listener, log, lines);
}

/** A running gateway; disposing of it ends its sessions, its children and its listener. */
export class InProcessGateway implements AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  readonly #gateway: Gateway;
  readonly #listener: Listener;
  readonly #log: FlushableLog;
  readonly #lines: Seen<LogRecord>;

  constructor(
    url: string,
    gateway: Gateway,
    listener: Listener,
    log: FlushableLog,
    lines: Seen<LogRecord>,
  ) {
    this.url = url;
    this.#gateway = gateway;
    this.#listener = listener;
    this.#log = log;
    this.#lines = lines;
  }

  /** The log so far. */
  get log(): readonly LogRecord[] {
    return this.#lines.all;
  }

  /** Everything logged so far, as it was written. */
  async logText(): Promise<string> {
    await this.#log.flush(LOG_FLUSH_MS);
    return this.#lines.all.map((line) => JSON.stringify(line)).join("\n");
  }

  /** The first line with this text and these fields, once it is written. */
  logged(
    msg: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<LogRecord> {
    const wanted = Object.entries(fields);
    return this.#lines.until(
      `log line "${msg}" ${JSON.stringify(fields)}`,
      (line) =>
        line.msg === msg &&
        wanted.every(([name, value]) => line[name] === value),
    );
  }

  /** Takes another configuration. */
  reload(
    mcpServers: Readonly<Record<string, unknown>>,
    proxy: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#gateway.reload(configFor(mcpServers, proxy));
  }

  /** Ends its sessions as at the end of the process; it goes on listening. */
  close(graceMs: number): Promise<void> {
    return this.#gateway.close({ graceMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
    await this.#listener.kill();
    await this.#log.flush(LOG_FLUSH_MS);
  }
}

function configFor(
  mcpServers: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>>,
) {
  const auth = { kind: "bearer_token", tokens: TOKENS };
  const proxy = { addr: "127.0.0.1:0", auth, ...more };
  const text = JSON.stringify({ version: "1.0", proxy, mcpServers });
  const { config, problems } = readConfig(text, {
    file: "test.jsonc",
    directory: fileURLToPath(new URL("..", import.meta.url).href),
    environment: process.env,
    readFile,
    platform: platform(),
  });
  if (!config) throw new Error(JSON.stringify(problems, null, 2));
  return config;
}

function logTo(lines: Seen<LogRecord>): FlushableLog {
  let rest = "";
  const decoder = new TextDecoder();
  return createLog({
    level: "DEBUG",
    format: "json",
    now: () => new Date(),
    write: (bytes) => {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split(
        "\n",
      );
      rest = parts.pop() ?? "";
      for (const part of parts) lines.add(JSON.parse(part) as LogRecord);
      return Promise.resolve();
    },
  });
}
