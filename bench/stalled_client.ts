// What a client that does not read costs the others: their calls with and without it, in turns, against the executable.

import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { READER_PATIENCE_MS } from "../lib/transports/client/backlog.ts";
import { startGateway } from "../tests/support/gateway_process.ts";
import { configWith, DEV_TOKEN } from "../tests/support/simple_config.ts";
import {
  FLOODING,
  stallCalls,
  stallGet,
  stallSse,
} from "../tests/support/stalled_client.ts";
import type {
  StalledClient,
  StallTarget,
} from "../tests/support/stalled_client.ts";
import { StreamableSession } from "../tests/support/streamable_session.ts";

/** By how much the 99th percentile of the others may be longer. */
const PROMISED_RATIO = 1.5;
/** Between two calls of one session. */
const PAUSE_MS = 10;
/** When the stalled client comes back: it was cut by then. */
const STALL_MS = READER_PATIENCE_MS + 1_000;

type Stall = (target: StallTarget) => Promise<StalledClient>;

const STALLS: Readonly<Record<string, Stall>> = {
  "HTTP+SSE stream": stallSse,
  "GET stream": stallGet,
  "streams of 20 calls": (target) => stallCalls(target, 20),
};

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "10" },
    seconds: { type: "string", default: "12" },
    rounds: { type: "string", default: "4" },
  },
});
const options = {
  sessions: Number(values.sessions),
  windowMs: Number(values.seconds) * 1_000,
  rounds: Number(values.rounds),
};

/** Milliseconds of single calls. */
interface Latencies {
  readonly without: number[];
  readonly beside: number[];
}

/** In turns, so that whatever else the machine does falls on both. */
async function compare(stall: Stall): Promise<Latencies> {
  const latencies: Latencies = { without: [], beside: [] };
  for (let round = 0; round < rounds; round++) {
    latencies.without.push(...await measure(others, windowMs));
    await using _stalled = new StalledAgain(stall);
    latencies.beside.push(...await measure(others, windowMs));
  }
  return latencies;
}

/** A client that does not read, and comes back whenever it was cut. */
class StalledAgain implements AsyncDisposable {
  readonly #leaving = new AbortController();
  readonly #work: Promise<void>;

  constructor(stall: Stall) {
    this.#work = this.#run(stall);
  }

  async #run(stall: Stall): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      using client = await stall(target);
      await delay(STALL_MS, undefined, { signal }).catch(() => {
        // It leaves early.
      });
      await client.session?.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#work;
  }
}

function begin({ url, token }: StallTarget): Promise<StreamableSession> {
  return StreamableSession.begin({ url: `${url}/mcp`, token });
}

/** How long the calls of all sessions take, for a while. */
async function measure(
  callers: readonly StreamableSession[],
  forMs: number,
): Promise<number[]> {
  const end = performance.now() + forMs;
  const all: number[] = [];
  let id = 0;
  await Promise.all(callers.map(async (session) => {
    while (performance.now() < end) {
      const began = performance.now();
      await session.call(`${began}-${++id}`, "x/echo");
      all.push(performance.now() - began);
      await delay(PAUSE_MS);
    }
  }));
  return all;
}

function percentile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? NaN;
}

function report(what: string, { without, beside }: Latencies): void {
  console.log(`${what} (${without.length} and ${beside.length} calls)`);
  for (const [name, share] of [["p50", 0.5], ["p99", 0.99]] as const) {
    const before = percentile(without, share);
    const after = percentile(beside, share);
    const ratio = after / before;
    console.log(
      `  ${name} ${before.toFixed(2)} ms without, ${
        after.toFixed(2)
      } ms beside: ` +
        `ratio ${ratio.toFixed(2)}`,
    );
    if (name === "p99" && ratio > PROMISED_RATIO) {
      console.log(`  more than the promised ${PROMISED_RATIO}`);
      process.exitCode = 1;
    }
  }
}

await using gateway = await startGateway({
  config: configWith({ files: FLOODING }),
});
const target = { url: `${gateway.url}/files`, token: DEV_TOKEN };
const { sessions, windowMs, rounds } = options;
console.log(
  `${sessions} sessions that call every ${PAUSE_MS} ms, ` +
    `${rounds} times ${
      windowMs / 1_000
    } s without and beside a client that does not read\n`,
);
const others = await Promise.all(
  Array.from({ length: sessions }, () => begin(target)),
);
await measure(others, 1_000); // Warm-up: the runtime compiles what is used.
for (const [what, stall] of Object.entries(STALLS)) {
  report(what, await compare(stall));
}
