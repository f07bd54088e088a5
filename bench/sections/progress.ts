// Calls with many notifications before their answer, streamed.

import { compare, ratiosOf } from "../compare.ts";
import { Crew, NAMES } from "../crew.ts";
import { pairName } from "../participants/participant.ts";
import type { Pair, ParticipantName } from "../participants/participant.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";
import { SMALL } from "../sizes.ts";

const NOTIFICATIONS = 1_000;
const SESSIONS = [8];

interface Streamed {
  readonly pair: Pair;
  readonly names: readonly ParticipantName[];
}

/** Towards Streamable HTTP the floor streams nothing unless it pipes. */
const STREAMED: readonly Streamed[] = [
  { pair: { client: "sse", backend: "stdio" }, names: NAMES },
  { pair: { client: "sse", backend: "sse" }, names: NAMES },
  {
    pair: { client: "streamable-http", backend: "stdio" },
    names: NAMES.filter((name) => name !== "floor"),
  },
  {
    pair: { client: "streamable-http", backend: "streamable-http-events" },
    names: NAMES,
  },
];

/** Runs it. */
export async function progress(run: Run): Promise<Findings> {
  const table = new LiveTable(
    `Calls with ${NOTIFICATIONS} notifications each`,
    [
      ["pair", 44],
      ["sessions", 9],
      ["participant", 13],
      "calls/s",
      "CPU µs",
      "p50 ms",
      "CPU ×",
    ],
    run.progress,
  );
  for (const { pair, names } of STREAMED) {
    await using crew = await Crew.start(run, pair, names);
    for (const sessions of SESSIONS) {
      const contenders = await crew.contenders(sessions);
      const done = await compare(contenders, {
        ...run.options,
        bytes: SMALL,
        notifications: NOTIFICATIONS,
        progress: run.progress,
      });
      const floor = done.get("floor");
      for (const [name, one] of crew.outcomes(done)) {
        const head = [pairName(pair), `${sessions}`, name];
        if (typeof one === "string") table.add(...head, one);
        else {
          const { callsPerSecond, cpuMicros, p50Ms } = one;
          const toFloor = typeof floor === "object"
            ? ratiosOf(one, floor).cpu
            : NaN;
          table.add(...head, callsPerSecond, cpuMicros, p50Ms, toFloor);
        }
      }
    }
  }
  return { tables: [table], measures: [] };
}
