// The matrix: calls through each pair of transports, by size of the answer and number of sessions.

import { compare, ratiosOf } from "../compare.ts";
import type { Figures, Outcome } from "../compare.ts";
import { Crew, PEERS } from "../crew.ts";
import type { Measure } from "../budgets.ts";
import { pairName, PAIRS } from "../participants/participant.ts";
import type { Pair } from "../participants/participant.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";
import { HUGE, LARGE, MEDIUM, sizeName, SMALL } from "../sizes.ts";

const SESSIONS = [1, 32];
const MANY = 32;
/** With `--full`; each session of a stdio backend is a child. */
const MOST_STDIO = 64;
const MOST_HTTP = 512;

/** Its columns; the page and the chart find theirs by these names. */
export const MATRIX_COLUMNS = [
  ["pair", 44],
  ["answer", 7],
  ["sessions", 9],
  ["participant", 13],
  "calls/s",
  "CPU µs",
  "p50 ms",
  "p99 ms",
  "calls ×",
  "CPU ×",
  "p50 ×",
] as const;

/** One cell: everyone at one thing. */
interface Spot {
  readonly pair: Pair;
  readonly bytes: number;
  readonly sessions: number;
}

/** Runs it. */
export async function matrix(run: Run): Promise<Findings> {
  const title = "Calls; × is to the floor in the same rounds";
  const table = new LiveTable(title, MATRIX_COLUMNS, run.progress);
  const measures: Measure[] = [];
  for (const pair of PAIRS) {
    await using crew = await Crew.start(run, pair);
    for (const spot of spotsOf(pair, run.options.full)) {
      const contenders = await crew.contenders(spot.sessions);
      const { progress, options } = run;
      const turns = { ...options, bytes: spot.bytes, progress };
      const outcomes = crew.outcomes(await compare(contenders, turns));
      for (const row of rowsOf(spot, new Map(outcomes))) table.add(...row);
      measures.push(...measuresOf(spot, new Map(outcomes)));
    }
  }
  return { tables: [table], measures };
}

function spotsOf(pair: Pair, isFull: boolean): Spot[] {
  const most = pair.backend === "stdio" ? MOST_STDIO : MOST_HTTP;
  const counts = isFull ? [...SESSIONS, most] : SESSIONS;
  return counts.flatMap((sessions) => {
    const sizes = [SMALL, MEDIUM, LARGE];
    if (isFull && sessions === 1) sizes.push(HUGE);
    return sizes.map((bytes) => ({ pair, bytes, sessions }));
  });
}

function figuresIn(
  outcomes: ReadonlyMap<string, Outcome>,
  name: string,
): Figures | undefined {
  const outcome = outcomes.get(name);
  return typeof outcome === "object" ? outcome : undefined;
}

function rowsOf(
  { pair, bytes, sessions }: Spot,
  outcomes: ReadonlyMap<string, Outcome>,
) {
  const floor = figuresIn(outcomes, "floor");
  return [...outcomes].map(([name, outcome]) => {
    const head = [pairName(pair), sizeName(bytes), `${sessions}`, name];
    if (typeof outcome === "string") return [...head, outcome];
    const { callsPerSecond, cpuMicros, p50Ms, p99Ms } = outcome;
    const { calls, cpu, p50 } = floor ? ratiosOf(outcome, floor) : NOTHING;
    return [
      ...head,
      ...[callsPerSecond, cpuMicros, p50Ms, p99Ms, calls, cpu, p50],
    ];
  });
}

const NOTHING = { calls: NaN, cpu: NaN, p50: NaN };

function measuresOf(
  { pair, bytes, sessions }: Spot,
  outcomes: ReadonlyMap<string, Outcome>,
): Measure[] {
  const front = figuresIn(outcomes, "mcp-front");
  const floor = figuresIn(outcomes, "floor");
  const direct = figuresIn(outcomes, "direct");
  if (!front || !floor) return [];
  const where = `${pairName(pair)}, ${sizeName(bytes)}, ${sessions}`;
  const measures: Measure[] = [];
  const { calls, cpu } = ratiosOf(front, floor);
  if (bytes === SMALL && sessions === MANY) {
    const budget = pair.backend === "stdio" ? "cpuStdio" : "cpuHttp";
    measures.push({ budget, where, figure: cpu });
  }
  if (bytes === LARGE) {
    measures.push({ budget: "callsOfLarge", where, figure: calls });
  }
  if (bytes === SMALL && sessions === 1 && direct) {
    const added = (one: Figures) => one.p50Ms - direct.p50Ms;
    const figure = added(front) / added(floor);
    measures.push({ budget: "addedP50", where, figure });
  }
  for (const name of PEERS) {
    const peer = figuresIn(outcomes, name);
    if (!peer) continue;
    const beside = ratiosOf(front, peer);
    const at = `${where}, ${name}`;
    measures.push(
      { budget: "callsOfPeers", where: at, figure: beside.calls },
      { budget: "cpuOfPeers", where: at, figure: beside.cpu },
    );
  }
  return measures;
}
