// What the benchmark is told on its command line.

import { parseArgs } from "node:util";

/** The names of the sections, in the order they run in. */
export const SECTIONS = [
  "matrix",
  "progress",
  "churn",
  "idle",
  "start",
  "slopes",
  "logging",
  "large",
  "root",
  "era",
] as const;

/** One of them. */
export type SectionName = typeof SECTIONS[number];

/** How to measure. */
export interface BenchOptions {
  /** Everything, in long windows. */
  readonly full: boolean;
  readonly only: readonly SectionName[];
  /** How often the participants take turns. */
  readonly rounds: number;
  /** Whether mcp-front's peers take part. */
  readonly peers: boolean;
  /** Milliseconds of one turn. */
  readonly windowMs: number;
  /** Whether the pages in `bench/` are written anew. */
  readonly write: boolean;
}

const ROUNDS = 3;
const WINDOW_MS = 300;
const FULL_ROUNDS = 5;
const FULL_WINDOW_MS = 1_500;

/** The usage, for whoever errs. */
export const USAGE = `usage: deno task bench [options]

  --only NAMES  of ${SECTIONS.join(",")} (all)
  --full        more sizes and sessions, longer windows
  --rounds N    how often the participants take turns (${ROUNDS}, full ${FULL_ROUNDS})
  --window MS   how long a turn takes (${WINDOW_MS}, full ${FULL_WINDOW_MS})
  --no-peers    without the peers from npm
  --write       writes the figures into bench/README.md, results.json and chart.svg
`;

/** Reads the arguments; throws an `Error` that says what is wrong. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: SECTIONS.join(",") },
      full: { type: "boolean", default: false },
      rounds: { type: "string" },
      window: { type: "string" },
      "no-peers": { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  const { full, write } = values;
  const [rounds, windowMs] = full
    ? [FULL_ROUNDS, FULL_WINDOW_MS]
    : [ROUNDS, WINDOW_MS];
  return {
    full,
    write,
    only: sectionsIn(values.only),
    rounds: positive("--rounds", values.rounds, rounds),
    windowMs: positive("--window", values.window, windowMs),
    peers: !values["no-peers"],
  };
}

function sectionsIn(text: string): SectionName[] {
  const names = text.split(",");
  for (const name of names) {
    if (SECTIONS.some((one) => one === name)) continue;
    throw new Error(`--only: found "${name}", wanted ${SECTIONS.join(", ")}`);
  }
  return SECTIONS.filter((name) => names.includes(name));
}

function positive(name: string, text: string | undefined, usual: number) {
  if (text === undefined) return usual;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name}: found "${text}", wanted a whole number above 0`);
}
