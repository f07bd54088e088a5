// What a call, a session and a start may cost: the budgets, as data. Each is a ratio unless it says otherwise.

/** A bound on a figure. */
export interface Budget {
  /** What is bounded, as the report says it. */
  readonly what: string;
  /** Whether the figure may be at most, or must be at least, the bound. */
  readonly is: "at most" | "at least";
  readonly bound: number;
  readonly unit: "×" | "KiB";
}

const BUDGETS_AS_WRITTEN = {
  cpuHttp: {
    what: "CPU per call to the floor's, HTTP backends, 32 B, 32 sessions",
    is: "at most",
    bound: 1.6,
    unit: "×",
  },
  cpuStdio: {
    what: "CPU per call to the floor's, stdio backends, 32 B, 32 sessions",
    is: "at most",
    bound: 1.4,
    unit: "×",
  },
  addedP50: {
    what: "p50 added to the direct way, to the floor's, 32 B, 1 session",
    is: "at most",
    bound: 1.5,
    unit: "×",
  },
  callsOfLarge: {
    what: "calls/s to the floor's, 256 KB",
    is: "at least",
    bound: 0.8,
    unit: "×",
  },
  peakOfLarge: {
    what: "peak memory above idle, to the message, 8 MB",
    is: "at most",
    bound: 4,
    unit: "×",
  },
  callsOfPeers: {
    what: "calls/s to each peer's, every cell of the matrix",
    is: "at least",
    bound: 1,
    unit: "×",
  },
  cpuOfPeers: {
    what: "CPU per call to each peer's, every cell of the matrix",
    is: "at most",
    bound: 1,
    unit: "×",
  },
  memoryOfPeers: {
    what: "memory of an idle session to each peer's",
    is: "at most",
    bound: 1,
    unit: "×",
  },
  slope: {
    what: "CPU per call with many sessions, tokens, servers or age, to few",
    is: "at most",
    bound: 1.2,
    unit: "×",
  },
  logging: {
    what: "calls/s with INFO logging to those with ERROR",
    is: "at least",
    bound: 0.9,
    unit: "×",
  },
  idleSession: {
    what: "memory of an idle HTTP session without open streams",
    is: "at most",
    bound: 16,
    unit: "KiB",
  },
  idleStream: {
    what: "memory of an open stream to the floor's",
    is: "at most",
    bound: 1.5,
    unit: "×",
  },
  start: {
    what: "start to first answer, to the floor's",
    is: "at most",
    bound: 4,
    unit: "×",
  },
  era: {
    what: "CPU per call to that of a gateway of one era",
    is: "at most",
    bound: 1.05,
    unit: "×",
  },
} as const satisfies Readonly<Record<string, Budget>>;

/** Names a budget. */
export type BudgetName = keyof typeof BUDGETS_AS_WRITTEN;

/** All of them, in the order of the report. */
export const BUDGETS: Readonly<Record<BudgetName, Budget>> = BUDGETS_AS_WRITTEN;

/** A figure that a budget bounds. */
export interface Measure {
  readonly budget: BudgetName;
  /** Which of the cells it is bounded in, as the report says it. */
  readonly where: string;
  readonly figure: number;
}

/** How a budget stands. */
export interface Verdict extends Budget {
  readonly isMet: boolean;
  /** Of all its figures the one that is worst. */
  readonly worst: Measure;
  /** How many of its figures are within it. */
  readonly met: number;
  readonly of: number;
}

/** How each budget stands that has been measured; a figure that could not be had meets none. */
export function verdictsOn(measures: readonly Measure[]): Verdict[] {
  return (Object.keys(BUDGETS) as BudgetName[]).flatMap((name) => {
    const budget = BUDGETS[name];
    const { is, bound } = budget;
    const badness = ({ figure }: Measure) => {
      if (!Number.isFinite(figure)) return Infinity;
      return is === "at most" ? figure - bound : bound - figure;
    };
    const mine = measures.filter((one) => one.budget === name)
      .sort((one, other) => badness(other) - badness(one));
    const [worst] = mine;
    if (!worst) return [];
    const met = mine.filter((one) => badness(one) <= 0).length;
    return [{
      ...budget,
      isMet: met === mine.length,
      worst,
      met,
      of: mine.length,
    }];
  });
}
