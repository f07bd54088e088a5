// Memory of sessions that do nothing: of the gateway's process alone, for each of them, and what is given back.

import type { Measure } from "../budgets.ts";
import { PEERS } from "../crew.ts";
import { reasonOf, within } from "../load/failures.ts";
import type { ParticipantName } from "../participants/participant.ts";
import { WIDE_LIMITS } from "../participants/front.ts";
import { hasPair } from "../participants/peers.ts";
import { startParticipant } from "../participants/start.ts";
import { weigh } from "../weigh.ts";
import type { Idleness, Weights } from "../weigh.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";

/** How many, unless everything is measured. */
const COUNTS = { http: 500, stdio: 100 };
const FULL_COUNTS = { http: 2_000, stdio: 200 };
const LIMIT_MS = 120_000;

const WITHOUT: Idleness = {
  what: "Streamable HTTP, no stream",
  pair: { client: "streamable-http", backend: "streamable-http-quiet" },
};
const WITH_STREAM: Idleness = {
  what: "Streamable HTTP, a GET stream",
  pair: { client: "streamable-http", backend: "streamable-http" },
  listens: true,
};
const SSE: Idleness = {
  what: "HTTP+SSE",
  pair: { client: "sse", backend: "sse" },
};
const STDIO: Idleness = {
  what: "Streamable HTTP, stdio",
  pair: { client: "streamable-http", backend: "stdio" },
};
const SSE_STDIO: Idleness = {
  what: "HTTP+SSE, stdio",
  pair: { client: "sse", backend: "stdio" },
};

type Weighed = Map<string, Weights | string>;

/** Weighed at the same time: most of it is waiting. */
const AT_ONCE = [[WITHOUT, WITH_STREAM, SSE], [STDIO], [SSE_STDIO]];

/** Runs it. */
export async function idle(run: Run): Promise<Findings> {
  const table = new LiveTable(
    "Memory of idle sessions",
    [
      ["sessions", 30],
      ["count", 6],
      ["participant", 13],
      "KiB each",
      "given back",
    ],
    run.progress,
  );
  const all = new Map<Idleness, Weighed>();
  for (const some of AT_ONCE) {
    const weighed = await Promise.all(some.map((one) => weighAll(run, one)));
    for (const [index, idleness] of some.entries()) {
      const them: Weighed = weighed[index] ?? new Map();
      all.set(idleness, them);
      for (const [name, one] of them) {
        const head = [idleness.what, `${countOf(run, idleness)}`, name];
        if (typeof one === "string") table.add(...head, one);
        else table.add(...head, one.perSession, one.givenBack);
      }
    }
  }
  return { tables: [table], measures: measuresOf(all) };
}

function countOf({ options }: Run, { pair }: Idleness): number {
  const counts = options.full ? FULL_COUNTS : COUNTS;
  return pair.backend === "stdio" ? counts.stdio : counts.http;
}

async function weighAll(run: Run, idleness: Idleness): Promise<Weighed> {
  const peers = run.options.peers
    ? PEERS.filter((name) => hasPair(name, idleness.pair))
    : [];
  const names = ["floor", "mcp-front", ...peers] as const;
  const count = countOf(run, idleness);
  return new Map(
    await Promise.all(names.map(async (name) => {
      const weights = await attempt(run, name, idleness, count);
      return [name, weights] as const;
    })),
  );
}

async function attempt(
  run: Run,
  name: ParticipantName,
  idleness: Idleness,
  count: number,
): Promise<Weights | string> {
  try {
    const { pair } = idleness;
    const limits = WIDE_LIMITS;
    await using one = await startParticipant(name, pair, run.origin, {
      limits,
    });
    if (!one) return "failed";
    return await within(
      LIMIT_MS,
      "idling",
      weigh(one, idleness, count),
    );
  } catch (error) {
    if (!PEERS.includes(name)) throw error;
    run.progress(`${name}: ${(error as Error).message}`);
    return reasonOf(error);
  }
}

function measuresOf(all: ReadonlyMap<Idleness, Weighed>): Measure[] {
  const of = (idleness: Idleness, name: string) => {
    const weighed = all.get(idleness)?.get(name);
    return typeof weighed === "object" ? weighed.perSession : NaN;
  };
  const stream = (name: string) => of(WITH_STREAM, name) - of(WITHOUT, name);
  const front = "mcp-front";
  // A peer that has shrunk meanwhile says nothing.
  const ofPeers = [STDIO, SSE_STDIO].flatMap((idleness) =>
    PEERS.filter((name) => of(idleness, name) > 0).map((name): Measure => ({
      budget: "memoryOfPeers",
      where: `${idleness.what}, ${name}`,
      figure: of(idleness, front) / of(idleness, name),
    }))
  );
  return [
    {
      budget: "idleSession",
      where: WITHOUT.what,
      figure: of(WITHOUT, front),
    },
    {
      budget: "idleStream",
      where: "a GET stream",
      figure: stream(front) / stream("floor"),
    },
    {
      budget: "idleStream",
      where: SSE.what,
      figure: of(SSE, front) / of(SSE, "floor"),
    },
    ...ofPeers,
  ];
}
