// Contenders in turns: whatever else the machine does falls on all of them, and their ratios stay.

import { drive, percentile } from "./load/drive.ts";
import type { Driven } from "./load/drive.ts";
import { reasonOf } from "./load/failures.ts";
import type { LoadSession } from "./load/session.ts";
import { cpuMsOf } from "./process_cpu.ts";
import { median } from "./run.ts";

const MICROS_PER_MS = 1_000;
/** The share of a window that goes before it. */
const WARM_UP = 0.25;

/** Someone with sessions that are open. */
export interface Contender {
  readonly name: string;
  /** The process whose time counts. */
  readonly pid?: number;
  readonly sessions: readonly LoadSession[];
  /** Whether it may fail: then its cell says why, else the run fails. */
  readonly mayFail?: boolean;
}

/** What all of them do. */
export interface Turns {
  readonly rounds: number;
  readonly windowMs: number;
  readonly bytes: number;
  readonly notifications?: number;
  /** Told the whole of a failure. */
  readonly progress?: (line: string) => void;
}

/** One turn. */
export interface Turn extends Driven {
  readonly cpuMs: number;
}

/** How one of them did: the median over its turns, except CPU, which is that of all of them together. */
export interface Figures {
  readonly callsPerSecond: number;
  /** Microseconds of CPU per call; NaN where there is no process. */
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly turns: readonly Turn[];
}

/** Figures, or why there are none. */
export type Outcome = Figures | string;

/** Has them take turns; each round begins with another one. */
export async function compare(
  contenders: readonly Contender[],
  turns: Turns,
): Promise<Map<string, Outcome>> {
  const done = new Map(contenders.map(({ name }) => [name, [] as Turn[]]));
  const failures = new Map<string, string>();
  for (let round = 0; round < turns.rounds; round++) {
    for (let place = 0; place < contenders.length; place++) {
      const contender = contenders[(round + place) % contenders.length];
      if (!contender || failures.has(contender.name)) continue;
      try {
        done.get(contender.name)?.push(await turn(contender, turns));
      } catch (error) {
        if (!contender.mayFail) throw named(contender, error);
        failures.set(contender.name, reasonOf(error));
        turns.progress?.(named(contender, error).message);
      }
    }
  }
  return new Map(contenders.map(({ name }) => [
    name,
    failures.get(name) ?? figuresOf(done.get(name) ?? []),
  ]));
}

async function turn(
  { sessions, pid }: Contender,
  { windowMs, bytes, notifications }: Turns,
): Promise<Turn> {
  const what = { bytes, notifications };
  await drive(sessions, { ...what, forMs: windowMs * WARM_UP });
  const before = pid === undefined ? NaN : cpuMsOf(pid);
  const driven = await drive(sessions, { ...what, forMs: windowMs });
  const after = pid === undefined ? NaN : cpuMsOf(pid);
  return { ...driven, cpuMs: after - before };
}

function named({ name }: Contender, error: unknown): Error {
  return new Error(`${name}: ${(error as Error).message}`, { cause: error });
}

const sum = (figures: readonly number[]) => figures.reduce((a, b) => a + b, 0);

/** CPU microseconds per call of all turns together. */
export function cpuMicrosOf(turns: readonly Turn[]): number {
  const calls = sum(turns.map((one) => one.calls));
  return sum(turns.map(({ cpuMs }) => cpuMs)) * MICROS_PER_MS / calls;
}

/** Calls per second of one turn. */
export function rateOf({ calls, ms }: Driven): number {
  return calls / ms * 1_000;
}

function figuresOf(turns: readonly Turn[]): Figures {
  return {
    callsPerSecond: median(turns.map(rateOf)),
    cpuMicros: cpuMicrosOf(turns),
    p50Ms: median(turns.map((one) => percentile(one.latencies, 0.5))),
    p99Ms: median(turns.map((one) => percentile(one.latencies, 0.99))),
    turns,
  };
}

/** How one did beside another: ratios of the same rounds. */
export interface Ratios {
  readonly calls: number;
  readonly cpu: number;
  readonly p50: number;
}

/** The median of the ratios of each round; of CPU the ratio of the sums. */
export function ratiosOf(one: Figures, other: Figures): Ratios {
  const of = (figure: (turn: Turn) => number) =>
    median(one.turns.map((turn, round) => {
      const beside = other.turns[round];
      return beside ? figure(turn) / figure(beside) : NaN;
    }));
  return {
    calls: of(rateOf),
    cpu: one.cpuMicros / other.cpuMicros,
    p50: of((turn) => percentile(turn.latencies, 0.5)),
  };
}
