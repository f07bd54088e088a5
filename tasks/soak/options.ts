// What a soak is told on its command line.

import { parseArgs } from "node:util";

/** How to soak. */
export interface SoakOptions {
  readonly seconds: number;
  /** The same seed plans the same clients, actions and faults. */
  readonly seed: string;
  readonly clients: number;
  /** The gateway's executable. */
  readonly program: string;
}

/** The usage, for whoever asks or errs. */
export const USAGE = `usage: deno task soak [options]

  --seconds N     how long (60)
  --seed TEXT     repeats the plan of an earlier run (random)
  --clients N     how many clients at once (40)
  --program FILE  the executable to try (dist/mcp-front)
`;

const SEED_RANGE = 2 ** 32;

/** Reads the arguments; throws an `Error` that says what is wrong. */
export function soakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string" },
      clients: { type: "string", default: "40" },
      program: { type: "string", default: "dist/mcp-front" },
    },
  });
  return {
    seconds: positive("--seconds", values.seconds),
    seed: values.seed ?? String(Math.floor(Math.random() * SEED_RANGE)),
    clients: positive("--clients", values.clients),
    program: values.program,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name}: found "${text}", wanted a whole number above 0`);
}
