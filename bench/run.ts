// One run of the benchmark, as its sections see it.

import type { Measure } from "./budgets.ts";
import type { BenchOptions } from "./options.ts";
import type { Table } from "./report/table.ts";

/** What a section is given. */
export interface Run {
  readonly options: BenchOptions;
  /** Where the servers over HTTP are. */
  readonly origin: string;
  /** Tells whoever watches that something is done. */
  progress(line: string): void;
}

/** What a section has found. */
export interface Findings {
  readonly tables: readonly Table[];
  /** What is to be judged by budgets. */
  readonly measures: readonly Measure[];
}

/** A section. */
export type Section = (run: Run) => Promise<Findings>;

/** The middle of some figures; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  if (Number.isInteger(middle)) {
    return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
  }
  return sorted[Math.floor(middle)] ?? NaN;
}

/** Opens so many at once that it is neither slow nor a rush. */
export async function inTurns<Value>(
  count: number,
  make: (index: number) => Promise<Value>,
  atOnce = 16,
): Promise<Value[]> {
  const made: Value[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next++;
      made[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  return made;
}
