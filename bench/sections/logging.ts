// What the log costs: calls at level INFO, beside the same at ERROR.

import { compare, ratiosOf } from "../compare.ts";
import type { Measure } from "../budgets.ts";
import { FrontCrew } from "../front_crew.ts";
import { pairName } from "../participants/participant.ts";
import type { Pair } from "../participants/participant.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";
import { SMALL } from "../sizes.ts";

const LOGGED: readonly Pair[] = [
  { client: "sse", backend: "stdio" },
  { client: "streamable-http", backend: "streamable-http" },
];
const SESSIONS = 32;

/** Runs it. */
export async function logging(run: Run): Promise<Findings> {
  const table = new LiveTable(
    "Logging, 32 B, 32 sessions",
    [["pair", 36], ["level", 6], "calls/s", "CPU µs", "calls ×"],
    run.progress,
  );
  const measures: Measure[] = [];
  for (const pair of LOGGED) {
    await using crew = new FrontCrew(run, pair);
    for (const level of ["ERROR", "INFO"]) {
      await crew.add(level, { level }, SESSIONS);
    }
    const turns = { ...run.options, bytes: SMALL };
    const done = await compare(crew.contenders, turns);
    const [quiet, loud] = [done.get("ERROR"), done.get("INFO")];
    if (typeof quiet !== "object" || typeof loud !== "object") continue;
    const figure = ratiosOf(loud, quiet).calls;
    const where = pairName(pair);
    table.add(where, "ERROR", quiet.callsPerSecond, quiet.cpuMicros, 1);
    table.add(where, "INFO", loud.callsPerSecond, loud.cpuMicros, figure);
    measures.push({ budget: "logging", where, figure });
  }
  return { tables: [table], measures };
}
