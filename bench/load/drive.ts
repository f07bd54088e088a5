// Has sessions call for a while, each one call after the other.

import { within } from "./failures.ts";
import type { LoadSession } from "./session.ts";

/** How long a call may take, in milliseconds. */
export const CALL_LIMIT_MS = 10_000;

/** What every session asks for, and how long. */
export interface Drive {
  readonly bytes: number;
  readonly notifications?: number;
  readonly forMs: number;
}

/** How it went; all answers were right. */
export interface Driven {
  readonly calls: number;
  readonly ms: number;
  /** Of each call, in milliseconds, in order of size. */
  readonly latencies: readonly number[];
}

/** Runs until the time is over and the last call is answered. Rejects when an answer is wrong or does not come. */
export async function drive(
  sessions: readonly LoadSession[],
  { bytes, notifications, forMs }: Drive,
): Promise<Driven> {
  const latencies: number[] = [];
  const start = performance.now();
  let end = start + forMs;
  const callers = sessions.map(async (session) => {
    for (let now = performance.now(); now < end;) {
      await session.call(bytes, notifications);
      const after = performance.now();
      latencies.push(after - now);
      now = after;
    }
  });
  try {
    await within(forMs + CALL_LIMIT_MS, "a call", Promise.all(callers));
  } finally {
    end = 0;
  }
  const ms = performance.now() - start;
  latencies.sort((one, other) => one - other);
  return { calls: latencies.length, ms, latencies };
}

/** The share of a sorted sample that is not larger. */
export function percentile(
  sorted: readonly number[],
  share: number,
): number {
  return sorted[Math.floor(sorted.length * share)] ?? NaN;
}
