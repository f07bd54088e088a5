// Weighs a participant without sessions, with idle ones, and after they have ended.

import { setTimeout as delay } from "node:timers/promises";
import type { LoadSession } from "./load/session.ts";
import { StreamableLoad } from "./load/streamable.ts";
import type { Pair, Participant } from "./participants/participant.ts";
import { residentKibOf } from "./process_cpu.ts";
import { inTurns } from "./run.ts";

/** Opened and closed before anything is weighed. */
const WARM_UP = 100;
/** Before each weighing: a runtime that is idle collects what it no longer needs within this. */
const SETTLING_MS = 15_000;
/** Less has grown for other reasons. */
const LEAST_KIB = 1024;
const AT_ONCE = 8;

/** A way to be idle. */
export interface Idleness {
  readonly what: string;
  readonly pair: Pair;
  /** Whether each session has a GET stream. */
  readonly listens?: boolean;
}

/** What idle sessions weigh. */
export interface Weights {
  /** In KiB. */
  readonly perSession: number;
  /** Of what they had taken, the share that is given back; NaN where that was next to nothing. */
  readonly givenBack: number;
}

/** Weighs one. */
export async function weigh(
  one: Participant,
  idleness: Idleness,
  count: number,
): Promise<Weights> {
  const weight = async () => {
    await delay(SETTLING_MS);
    return residentKibOf(one.pid as number);
  };
  await close(await open(one, idleness, Math.min(WARM_UP, count)));
  const before = await weight();
  const sessions = await open(one, idleness, count);
  const full = await weight();
  await close(sessions);
  const after = await weight();
  return {
    perSession: (full - before) / count,
    givenBack: full - before > LEAST_KIB
      ? (full - after) / (full - before)
      : NaN,
  };
}

function open(
  one: Participant,
  { listens }: Idleness,
  count: number,
): Promise<LoadSession[]> {
  return inTurns(count, async () => {
    const session = await one.begin();
    if (listens && session instanceof StreamableLoad) await session.listen();
    session.rest();
    return session;
  }, AT_ONCE);
}

async function close(sessions: readonly LoadSession[]): Promise<void> {
  await inTurns(
    sessions.length,
    async (index) => await sessions[index]?.end(),
    AT_ONCE,
  );
}
