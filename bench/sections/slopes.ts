// Whether a call costs more where there is more of something: sessions, tokens, servers, or hours behind it.

import { compare } from "../compare.ts";
import type { Contender } from "../compare.ts";
import type { Measure } from "../budgets.ts";
import { FrontCrew } from "../front_crew.ts";
import { drive } from "../load/drive.ts";
import type { LoadSession } from "../load/session.ts";
import { WIDE_LIMITS } from "../participants/front.ts";
import type { Pair } from "../participants/participant.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";
import { SMALL } from "../sizes.ts";

const PAIR: Pair = { client: "streamable-http", backend: "streamable-http" };
/** Always as many call, so that what is measured is not how they share the process. */
const CALLERS = 16;
const SESSIONS = 2_000;
const TOKENS = 10_000;
const SERVERS = 200;
/** How long one process has worked before it is compared with a young one, in milliseconds. */
const AGE_MS = 20_000;
const FULL_AGE_MS = 300_000;
/** Turns are longer than elsewhere: what is looked for is small. */
const WINDOWS = 2;

type Slope = (crew: FrontCrew, run: Run) => Promise<void>;

const SLOPES: Readonly<Record<string, Slope>> = {
  "sessions, 16 of them calling": async (crew) => {
    await crew.add("16", { limits: WIDE_LIMITS }, CALLERS);
    const idle = SESSIONS - CALLERS;
    await crew.add(`${SESSIONS}`, { limits: WIDE_LIMITS }, CALLERS, idle);
  },
  "sessions, all of them calling in turns": async (crew) => {
    await crew.add("16", { limits: WIDE_LIMITS }, CALLERS);
    spread(
      crew,
      await crew.add(`${SESSIONS}`, { limits: WIDE_LIMITS }, SESSIONS),
    );
  },
  "tokens": async (crew) => {
    await crew.add("3", { tokens: 3 }, CALLERS);
    await crew.add(`${TOKENS}`, { tokens: TOKENS }, CALLERS);
  },
  "servers": async (crew) => {
    await crew.add("1", { servers: 1 }, CALLERS);
    await crew.add(`${SERVERS}`, { servers: SERVERS }, CALLERS);
  },
  "age": async (crew, { options }) => {
    const forMs = options.full ? FULL_AGE_MS : AGE_MS;
    const { sessions } = await crew.add(`${forMs / 1_000} s`, {}, CALLERS);
    await drive(sessions, { bytes: SMALL, forMs });
    await crew.add("0 s", {}, CALLERS);
    crew.contenders.reverse();
  },
};

/** Runs it. */
export async function slopes(run: Run): Promise<Findings> {
  const table = new LiveTable(
    "Slopes, 32 B, 16 callers",
    [["of", 40], ["how many", 9], "calls/s", "CPU µs", "CPU ×"],
    run.progress,
  );
  const measures: Measure[] = [];
  const { rounds, windowMs } = run.options;
  const turns = { rounds, windowMs: windowMs * WINDOWS, bytes: SMALL };
  for (const [where, prepare] of Object.entries(SLOPES)) {
    await using crew = new FrontCrew(run, PAIR);
    await prepare(crew, run);
    const done = await compare(crew.contenders, turns);
    let least: number | undefined;
    for (const [howMany, one] of done) {
      if (typeof one === "string") continue;
      least ??= one.cpuMicros;
      const figure = one.cpuMicros / least;
      const { callsPerSecond, cpuMicros } = one;
      table.add(where, howMany, callsPerSecond, cpuMicros, figure);
      if (howMany !== crew.contenders[0]?.name) {
        measures.push({ budget: "slope", where, figure });
      }
    }
  }
  return { tables: [table], measures };
}

/** Has as many callers as ever go through all sessions of the last contender. */
function spread(crew: FrontCrew, { name, pid, sessions }: Contender): void {
  const callers = Array.from(
    { length: CALLERS },
    (_, first) => inTurn(sessions.filter((_, at) => at % CALLERS === first)),
  );
  crew.contenders.splice(-1, 1, { name, pid, sessions: callers });
}

function inTurn(sessions: readonly LoadSession[]): LoadSession {
  let next = 0;
  return {
    async call(bytes, notifications) {
      const session = sessions[next++ % sessions.length];
      await session?.call(bytes, notifications);
    },
    rest() {},
    end: () => Promise.resolve(),
  };
}
