// What it costs that the gateway speaks both eras, where client and server are of one: beside a gateway of that era alone.

import { compare, cpuMicrosOf, rateOf } from "../compare.ts";
import type { Outcome, Turn } from "../compare.ts";
import type { Measure } from "../budgets.ts";
import { FrontCrew } from "../front_crew.ts";
import type { Era } from "../../lib/eras/era.ts";
import { OF_BOTH_ERAS, ofOneEra } from "../participants/of_one_era.ts";
import { pairName } from "../participants/participant.ts";
import type { Pair } from "../participants/participant.ts";
import { LiveTable } from "../report/live_table.ts";
import { median } from "../run.ts";
import type { Findings, Run } from "../run.ts";
import { SMALL } from "../sizes.ts";

const PAIRS: readonly (readonly [Era, Pair])[] = [
  ["legacy", { client: "streamable-http", backend: "streamable-http" }],
  ["legacy", { client: "streamable-http", backend: "stdio" }],
  ["modern", { client: "streamable-http-modern", backend: "streamable-http" }],
  ["modern", { client: "streamable-http-modern", backend: "stdio" }],
];
const SESSIONS = 32;
/** Of each gateway: two processes of the same program differ by a few percent as long as they run. */
const PROCESSES = 2;
/** What is looked for is little: the usual rounds and windows are too few and too short. */
const LEAST_ROUNDS = 8;
const LEAST_WINDOW_MS = 500;

/** Runs it. */
export async function era(run: Run): Promise<Findings> {
  const table = new LiveTable(
    "Clients and servers of one era, 32 B, 32 sessions, both gateways from their sources",
    [["pair", 44], ["gateway", 12], "calls/s", "CPU µs", "CPU ×"],
    run.progress,
  );
  const measures: Measure[] = [];
  const { rounds, windowMs } = run.options;
  const turns = {
    rounds: Math.max(rounds, LEAST_ROUNDS),
    windowMs: Math.max(windowMs, LEAST_WINDOW_MS),
    bytes: SMALL,
  };
  for (const [name, pair] of PAIRS) {
    await using crew = new FrontCrew(run, pair);
    const [one, both] = [`${name} alone`, "both eras"];
    for (let process = 0; process < PROCESSES; process++) {
      await crew.add(`${one} ${process}`, ofOneEra(name), SESSIONS);
      await crew.add(`${both} ${process}`, OF_BOTH_ERAS, SESSIONS);
    }
    const done = await compare(crew.contenders, turns);
    const [ones, boths] = [turnsOf(one, done), turnsOf(both, done)];
    const figure = cpuMicrosOf(boths) / cpuMicrosOf(ones);
    const where = pairName(pair);
    table.add(where, one, median(ones.map(rateOf)), cpuMicrosOf(ones), 1);
    const rate = median(boths.map(rateOf));
    table.add(where, both, rate, cpuMicrosOf(boths), figure);
    measures.push({ budget: "era", where, figure });
  }
  return { tables: [table], measures };
}

/** All turns of the processes of one gateway. */
function turnsOf(name: string, done: ReadonlyMap<string, Outcome>): Turn[] {
  return [...done].flatMap(([process, outcome]) =>
    process.startsWith(name) && typeof outcome === "object" ? outcome.turns : []
  );
}
