// What both forms of the report tell.

import type { UsageReport } from "./log_reading.ts";

/** A report, and what it is about. */
export interface ToldUsage extends UsageReport {
  /** The config file. */
  readonly file: string;
  /** The files of the log, as they were named. */
  readonly logs: readonly string[];
}

/** From when to when there are requests; undefined where there are none. */
export function spanOf(
  { tokens }: UsageReport,
): { readonly first: Date; readonly last: Date } | undefined {
  const times = tokens.flatMap(({ first, last }) =>
    first && last ? [first.getTime(), last.getTime()] : []
  );
  if (times.length === 0) return undefined;
  const ordered = times.toSorted((a, b) => a - b);
  return {
    first: new Date(ordered[0] as number),
    last: new Date(ordered.at(-1) as number),
  };
}

/** All requests that were let in. */
export function requestsIn({ tokens, untold }: UsageReport): number {
  return tokens.reduce((sum, { requests }) => sum + requests, untold);
}
