// The soak: many clients, servers that crash, and a gateway that must not lose, mix up or leave behind anything.

import process from "node:process";
import { soakOptions, USAGE } from "./soak/options.ts";
import type { SoakOptions } from "./soak/options.ts";
import { report } from "./soak/report.ts";
import { soak } from "./soak/run.ts";

const USAGE_EXIT_CODE = 2;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  if (process.platform !== "linux") {
    console.error("error: a soak looks into /proc, so it runs on Linux only");
    return 1;
  }
  let options: SoakOptions;
  try {
    options = soakOptions(args);
  } catch (error) {
    console.error(`error: ${(error as Error).message}\n\n${USAGE}`);
    return USAGE_EXIT_CODE;
  }
  return await run(options);
}

async function run(options: SoakOptions): Promise<number> {
  const { seed, seconds, clients } = options;
  console.log(`seed ${seed}: ${clients} clients for ${seconds} s`);
  const result = await soak(options, interruption());
  console.log(report(seed, result));
  const { findings: { failures }, folder } = result;
  for (const { kind, text } of failures) console.log(`${kind}: ${text}`);
  if (failures.length === 0) {
    console.log("All promises held.");
    return 0;
  }
  console.log(`The logs are in ${folder}; the seed was ${seed}.`);
  return 1;
}

/** Fires when the soak is told to stop. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => interrupted.abort());
  }
  return interrupted.signal;
}
