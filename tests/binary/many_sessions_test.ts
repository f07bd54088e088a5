// Thousands of sessions at once with servers over HTTP, each with a stream open to either side.

import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { FaultBackend } from "../support/fault_backend.ts";
import type { FaultClient } from "../support/fault_client.ts";
import { faultClient } from "../support/fault_clients.ts";
import { startGateway } from "../support/gateway_process.ts";
import { openFilesOf, settledFilesOf } from "../support/process_figures.ts";
import { overTransport } from "../support/servers.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";

const LIMIT = { timeout: 90_000 };
/** With servers of each transport; half of them are of clients of either transport. */
const SESSIONS = 1_000;
/** How many connect at a time. */
const WAVE = 100;
/** Files that a process may open in passing. */
const SLACK_FILES = 8;

const TRANSPORTS = ["sse", "streamable-http"] as const;

/** One client, and what the server must call it. */
interface Member {
  readonly name: string;
  readonly client: FaultClient;
}

function members(url: string): Member[] {
  return TRANSPORTS.flatMap((transport) =>
    Array.from({ length: SESSIONS }, (_, index) => {
      const server = overTransport(transport);
      const name = `${transport} ${index}`;
      const target = { url, server, token: DEV_TOKEN, name };
      const client = TRANSPORTS[index % 2] ?? "sse";
      return { name, client: faultClient(client, target) };
    })
  );
}

async function inWaves(
  all: readonly Member[],
  act: (member: Member) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < all.length; start += WAVE) {
    await Promise.all(all.slice(start, start + WAVE).map(act));
  }
}

async function begins({ name, client }: Member): Promise<void> {
  const { message } = await client.initialize();
  assert.ok(message?.result, `${name}: ${JSON.stringify(message)}`);
}

async function isAnswered({ name, client }: Member): Promise<void> {
  const { status, message } = await client.call("echo");
  const told = JSON.stringify({ status, message });
  assert.equal((message?.result as { client?: string })?.client, name, told);
}

it(
  "two thousand sessions live at once, each hears its own answer, and nothing is left of them",
  LIMIT,
  async () => {
    await using sse = await FaultBackend.start("sse");
    await using http = await FaultBackend.start("streamable-http");
    const servers = {
      [overTransport("sse")]: sse.entry(),
      [overTransport("streamable-http")]: http.entry(),
    };
    const limits = { sessionsPerToken: 2 * SESSIONS };
    const config = configWith(servers, { limits });
    await using gateway = await startGateway({ config });
    const pid = gateway.child.pid as number;
    const isLinux = process.platform === "linux";
    const before = isLinux ? openFilesOf(pid) : 0;
    const all = members(gateway.url);
    await inWaves(all, begins);
    assert.equal(sse.count("initialize"), SESSIONS);
    assert.equal(http.count("initialize"), SESSIONS);
    await http.noted("listens", SESSIONS);
    if (isLinux) assert.ok(openFilesOf(pid) > before + 4 * SESSIONS);
    await inWaves(all, isAnswered);
    await inWaves(all, ({ client }) => client.end());
    await Promise.all([sse.quiet(), http.quiet()]);
    // Connections are kept for the next request for as long as the server is there.
    await Promise.all([sse, http].map((one) => one[Symbol.asyncDispose]()));
    if (isLinux) await settledFilesOf(pid, before + SLACK_FILES);
  },
);
