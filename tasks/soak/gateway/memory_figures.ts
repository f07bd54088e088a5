// Whether the gateway's memory stayed flat.

import type { Findings } from "../findings.ts";

/** Resident memory, in bytes. */
export interface MemoryFigures {
  readonly first: number;
  /** The median of each quarter of the run. */
  readonly quarters: readonly number[];
  readonly peak: number;
  readonly last: number;
  /** The last quarter's by the second's. */
  readonly growth: number;
}

const QUARTERS = 4;
/** Shorter runs end before it is clear where the memory settles. */
const JUDGED_FROM_S = 600;
const MOST_GROWTH = 1.1;

/** Sums samples up; fails the run when they grow. */
export function judgeMemory(
  samples: readonly number[],
  seconds: number,
  findings: Findings,
): MemoryFigures {
  const lived = samples.slice(0, Math.max(QUARTERS, Math.ceil(seconds)));
  const quarters = Array.from({ length: QUARTERS }, (_, index) => {
    const at = (quarter: number) =>
      Math.floor(lived.length * quarter / QUARTERS);
    return median(lived.slice(at(index), at(index + 1)));
  });
  const growth = (quarters[3] ?? 0) / (quarters[1] || 1);
  if (seconds >= JUDGED_FROM_S && growth > MOST_GROWTH) {
    findings.fail(
      "memory",
      `the last quarter took ${growth.toFixed(2)} × what the second did`,
    );
  }
  return {
    first: samples[0] ?? 0,
    quarters,
    peak: Math.max(0, ...samples),
    last: samples.at(-1) ?? 0,
    growth,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
