// Writes what a run has found into the files beside the benchmark.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchOptions, SectionName } from "../options.ts";
import type { Findings } from "../run.ts";
import { conditionsNow } from "./conditions.ts";
import { cpuChart } from "./cpu_chart.ts";
import { pageWith } from "./page.ts";
import { merged } from "./results.ts";
import type { Results } from "./results.ts";

const file = (name: string) =>
  fileURLToPath(new URL(`../${name}`, import.meta.url));
const PAGE = file("README.md");
const RESULTS = file("results.json");
const CHART = file("chart.svg");
const PEERS = ["supergateway", "mcp-proxy", "mcp-hub"];
const DATE_LENGTH = "YYYY-MM-DD".length;

/** Puts the figures in the place of those of earlier runs. */
export function writeReport(
  { full, rounds, windowMs, peers }: BenchOptions,
  found: ReadonlyMap<SectionName, Findings>,
): void {
  const old = existsSync(RESULTS)
    ? JSON.parse(readFileSync(RESULTS, "utf8")) as Results
    : undefined;
  const extent = full ? "everything" : "the default subset";
  const results = merged(old, {
    conditions: conditionsNow(peers ? PEERS : []),
    date: new Date().toISOString().slice(0, DATE_LENGTH),
    run: `${extent}, \`--rounds ${rounds} --window ${windowMs}\``,
    found,
  });
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, "utf8"), results));
  const matrix = results.sections.find((one) => one.name === "matrix");
  for (const table of matrix?.tables ?? []) {
    writeFileSync(CHART, cpuChart(table));
  }
}
