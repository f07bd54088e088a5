// The memory of the executable while clients do not read what servers keep saying.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import {
  FLOODING,
  stallCalls,
  stallGet,
  stallSse,
} from "../support/stalled_client.ts";
import type { StalledClient, StallTarget } from "../support/stalled_client.ts";
import { StreamableSession } from "../support/streamable_session.ts";

const LIMITS = { streamBuffer: "4MiB", sessionBuffer: "8MiB" };
const SESSION_MIB = 8;
/**
 * What comes on top. The runtime collects garbage when the heap has doubled, so a bound takes up to twice its size; it
 * reads from a child in pieces of up to 256 KiB, some at a time; and code that was never run before is compiled.
 * Measured (peak, MiB): 27 to 36 for one stream, 81 for 20 streams of one client, 17 for each of 20 clients.
 */
const HEAP_FACTOR = 2;
const PER_CLIENT_MIB = 4;
const FIXED_MIB = 96;
const LIMIT = { timeout: 120_000 };
const CUT = "the client stopped reading";

const STALLS: readonly [
  what: string,
  clients: number,
  stall: (target: StallTarget) => Promise<StalledClient>,
][] = [
  ["one HTTP+SSE stream", 1, stallSse],
  ["one GET stream", 1, stallGet],
  ["20 calls of one client", 1, (target) => stallCalls(target, 20)],
  ["20 clients", 20, stallSse],
];

/** The most memory a process has ever had, and what it has now, in MiB (Linux). */
function memoryOf({ child }: GatewayProcess) {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { peak: mib("VmHWM"), now: mib("VmRSS") };
}

describe("the executable, while clients do not read", {
  skip: process.platform !== "linux",
}, () => {
  for (const [what, clients, stall] of STALLS) {
    it(`${what}: its memory stays within the bound`, LIMIT, async () => {
      const config = configWith({ files: FLOODING }, { limits: LIMITS });
      await using gateway = await startGateway({ config });
      const target = { url: `${gateway.url}/files`, token: DEV_TOKEN };
      const url = `${target.url}/mcp`;
      const other = await StreamableSession.begin({ url, token: DEV_TOKEN });
      await other.call(1, "x/echo");
      const { now: before } = memoryOf(gateway);
      const stalled = await Promise.all(
        Array.from({ length: clients }, () => stall(target)),
      );
      await gateway.logged("Stream cut", { reason: CUT });
      const grown = memoryOf(gateway).peak - before;
      const bound = FIXED_MIB +
        clients * (HEAP_FACTOR * SESSION_MIB + PER_CLIENT_MIB);
      assert.ok(grown < bound, `${grown} MiB of ${bound}`);
      assert.ok("result" in await other.call(2, "x/echo"));
      for (const client of stalled) client[Symbol.dispose]();
    });
  }
});
