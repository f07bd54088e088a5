// The benchmark: mcp-front beside the floor and its peers, section by section. `deno task bench` runs it.

import process from "node:process";
import { verdictsOn } from "./budgets.ts";
import { benchOptions, USAGE } from "./options.ts";
import type { BenchOptions, SectionName } from "./options.ts";
import { startHttpServer } from "./participants/backends.ts";
import { verdictTable } from "./report/verdict_table.ts";
import { plainTable } from "./report/table.ts";
import type { Findings } from "./run.ts";
import { writeReport } from "./report/write.ts";
import { BY_NAME } from "./sections/sections.ts";

const USAGE_EXIT_CODE = 2;
const INTERRUPTED_EXIT_CODE = 130;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => process.exit(INTERRUPTED_EXIT_CODE));
}
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  if (process.platform !== "linux") {
    console.error("error: it looks into /proc, so it runs on Linux only");
    return 1;
  }
  let options: BenchOptions;
  try {
    options = benchOptions(args);
  } catch (error) {
    console.error(`error: ${(error as Error).message}\n\n${USAGE}`);
    return USAGE_EXIT_CODE;
  }
  return await run(options);
}

async function run(options: BenchOptions): Promise<number> {
  const found = new Map<SectionName, Findings>();
  const failed: SectionName[] = [];
  const start = performance.now();
  for (const name of options.only) {
    try {
      await using server = await startHttpServer();
      const section = BY_NAME[name];
      const progress = (line: string) => console.log(line);
      found.set(
        name,
        await section({ options, origin: server.said, progress }),
      );
    } catch (error) {
      console.error(`error in ${name}:`, error);
      failed.push(name);
    }
  }
  const measures = [...found.values()].flatMap((one) => one.measures);
  console.log(`\n${plainTable(verdictTable(verdictsOn(measures)))}`);
  const seconds = (performance.now() - start) / 1_000;
  console.log(`It took ${seconds.toFixed(0)} s.`);
  if (failed.length > 0) {
    console.error(`error: failed: ${failed.join(", ")}`);
    return 1;
  }
  if (options.write) writeReport(options, found);
  return 0;
}
