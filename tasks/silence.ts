// Streams and calls that are silent for --minutes N, against the executable: none of the runtime's limits may show.

import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { keepSilence } from "../tests/support/silence.ts";
import type { SilenceOptions } from "../tests/support/silence.ts";

const MINUTE_MS = 60_000;
const USAGE = `usage: deno task silence [options]

  --minutes N     how long (11)
  --program FILE  the executable to try (dist/mcp-front)
`;

const USAGE_EXIT_CODE = 2;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  let options: SilenceOptions;
  try {
    options = silenceOptions(args);
  } catch (error) {
    console.error(`error: ${(error as Error).message}\n\n${USAGE}`);
    return USAGE_EXIT_CODE;
  }
  try {
    await keepSilence(options);
  } catch (error) {
    console.error(error);
    return 1;
  }
  console.log("Nothing was lost.");
  return 0;
}

/** Throws an `Error` that says what is wrong. */
function silenceOptions(args: readonly string[]): SilenceOptions {
  const { minutes, program } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "11" },
      program: { type: "string", default: "dist/mcp-front" },
    },
  }).values;
  const ms = Number(minutes) * MINUTE_MS;
  if (ms > 0) return { ms, command: [resolve(program)], say: console.log };
  throw new Error(`--minutes: found "${minutes}", wanted a number above 0`);
}
