// Sessions that are opened and closed, one after the other.

import { NAMES, PEERS } from "../crew.ts";
import { reasonOf, within } from "../load/failures.ts";
import { WIDE_LIMITS } from "../participants/front.ts";
import { startParticipant } from "../participants/start.ts";
import { pairName } from "../participants/participant.ts";
import type { Pair, Participant } from "../participants/participant.ts";
import { cpuMsOf } from "../process_cpu.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";

const PAIRS_OF_CHURN: readonly Pair[] = [
  { client: "sse", backend: "stdio" },
  { client: "sse", backend: "sse" },
  { client: "streamable-http", backend: "stdio" },
  { client: "streamable-http", backend: "streamable-http" },
];
/** How many clients come and go. */
const CLIENTS = 8;
/** Of a turn, in windows: sessions with a child take their time. */
const WINDOWS = 2;
const LIMIT_MS = 20_000;

interface Churned {
  sessions: number;
  ms: number;
  cpuMs: number;
}

/** Runs it. */
export async function churn(run: Run): Promise<Findings> {
  const table = new LiveTable(
    "Sessions opened and closed, eight at a time",
    [["pair", 36], ["participant", 13], "sessions/s", "CPU ms"],
    run.progress,
  );
  for (const pair of PAIRS_OF_CHURN) {
    await using crowd = await Crowd.start(run, pair);
    for (const [name, done] of await crowd.takeTurns()) {
      const head = [pairName(pair), name];
      if (typeof done === "string") table.add(...head, done);
      else {
        const { sessions, ms, cpuMs } = done;
        table.add(...head, sessions / ms * 1_000, cpuMs / sessions);
      }
    }
  }
  return { tables: [table], measures: [] };
}

/** Those that have a pair. */
class Crowd implements AsyncDisposable {
  readonly #run: Run;
  readonly #participants: Participant[] = [];
  readonly #done = new Map<string, Churned | string>();

  private constructor(run: Run) {
    this.#run = run;
  }

  static async start(run: Run, pair: Pair): Promise<Crowd> {
    const crowd = new this(run);
    for (const name of NAMES) {
      if (PEERS.includes(name) && !run.options.peers) continue;
      await crowd.#attempt(name, async () => {
        const { origin } = run;
        const limits = WIDE_LIMITS;
        const one = await startParticipant(name, pair, origin, { limits });
        if (!one) return;
        crowd.#participants.push(one);
        crowd.#done.set(name, { sessions: 0, ms: 0, cpuMs: 0 });
      });
    }
    return crowd;
  }

  async takeTurns(): Promise<ReadonlyMap<string, Churned | string>> {
    const { rounds, windowMs } = this.#run.options;
    for (let round = 0; round <= rounds; round++) {
      for (const one of this.#participants) {
        const done = this.#done.get(one.name);
        if (typeof done !== "object") continue;
        await this.#attempt(one.name, async () => {
          const turn = await churnFor(one, windowMs * WINDOWS);
          // The first is the warm-up.
          if (round === 0) return;
          done.sessions += turn.sessions;
          done.ms += turn.ms;
          done.cpuMs += turn.cpuMs;
        });
      }
    }
    return this.#done;
  }

  async #attempt(
    name: Participant["name"],
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await within(LIMIT_MS, "opening and closing", work());
    } catch (error) {
      if (!PEERS.includes(name)) throw error;
      this.#run.progress(`${name}: ${(error as Error).message}`);
      this.#done.set(name, reasonOf(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#participants) await one[Symbol.asyncDispose]();
  }
}

async function churnFor(one: Participant, forMs: number): Promise<Churned> {
  const cpu = () => one.pid === undefined ? NaN : cpuMsOf(one.pid);
  const before = cpu();
  const start = performance.now();
  let sessions = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (performance.now() - start < forMs) {
      await (await one.begin()).end();
      sessions++;
    }
  }));
  const ms = performance.now() - start;
  return { sessions, ms, cpuMs: cpu() - before };
}
