// The official conformance suite, run against one address.

import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../support/program.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";
import { checksOf } from "./check.ts";
import type { Check, RawCheck } from "./check.ts";

/** The revisions it is run for; of earlier ones it knows no more than the end of a session. */
export const REVISIONS = ["2025-06-18", "2025-11-25", "2026-07-28"] as const;

/** A revision that a client speaks. */
export type Revision = typeof REVISIONS[number];

/** What to run. */
export interface SuiteOptions {
  readonly url: string;
  readonly revision: Revision;
  /** One scenario; all that the revision's own text asks for when absent. Those of extensions are not among them. */
  readonly scenario?: string;
}

const PROGRAM = join(
  ROOT,
  "node_modules/@modelcontextprotocol/conformance/dist/index.js",
);
/** Bun and Deno both run it; Node does from version 22 on. */
const BUN = join(ROOT, "node_modules/.bin/bun");
const SCENARIO_LIMIT_MS = 30_000;
const HEADING = /^=== Running scenario: (\S+) ===$/gm;
/** `server-SCENARIO-2026-11-27T05-22-28-612Z` */
const RESULTS = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/;
/** What stands for a scenario that the suite gave up. */
const UNFINISHED = { id: "unfinished", name: "Unfinished", status: "FAILURE" };

/** Runs it; gives the checks of each scenario, in the suite's order. */
export async function runSuite(
  { url, revision, scenario }: SuiteOptions,
): Promise<Map<string, Check[]>> {
  await using folder = await TemporaryFolder.create();
  const said = await run([
    ...["server", "--url", url, "--spec-version", revision],
    ...["--timeout", String(SCENARIO_LIMIT_MS), "--output-dir", folder.path],
    ...scenario === undefined ? ["--suite", "all"] : ["--scenario", scenario],
  ]);
  const results = await readResults(folder.path);
  const scenarios = scenario === undefined
    ? [...said.matchAll(HEADING)].map(([, name = ""]) => name)
    : [scenario];
  if (scenarios.length === 0) throw new Error(`The suite did not run: ${said}`);
  return new Map(scenarios.map((name) => [
    name,
    checksOf(results.get(name) ?? [UNFINISHED]),
  ]));
}

/** Runs it to its end; its exit code says no more than its results do. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(BUN, [PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => said += text);
  }
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(said));
  });
}

/** By scenario. One that was given up has a folder without results. */
async function readResults(folder: string): Promise<Map<string, RawCheck[]>> {
  const results = new Map<string, RawCheck[]>();
  for (const name of await readdir(folder)) {
    const scenario = RESULTS.exec(name)?.[1];
    if (scenario === undefined) continue;
    const text = await readFile(join(folder, name, "checks.json"), "utf8")
      .catch(() => undefined);
    if (text !== undefined) results.set(scenario, JSON.parse(text));
  }
  return results;
}
