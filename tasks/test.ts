// The tests: everything but the executable on Deno and on Bun, then the executable; one line sums them up.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { countTests } from "./count_tests.ts";
import type { Counts } from "./count_tests.ts";

const DENO = process.execPath;
const BUN = "./node_modules/.bin/bun";
const EXECUTABLE_TESTS = "./tests/binary";
/** Bun ends a test after 5 s by default, Deno never; tests that need a limit set one. */
const TEST_LIMIT_MS = 120_000;
/** Test files run side by side; most of their time they wait for something. */
const JOBS = 3;

/**
 * Of the whole gateway over real connections, what is run on Deno as well: every pair of transports, both eras, and
 * what the two runtimes do differently. The rest takes long, and runs on Bun alone, of which the executable is made.
 */
const END_TO_END = "./tests/e2e";
const END_TO_END_ON_DENO: readonly string[] = [
  "closing",
  "exchange_ends",
  "exchange_refusals",
  "exchanges",
  "fidelity",
  "http_auth",
  "http_sse",
  "isolation",
  "oauth",
  "oauth_hostile_issuers",
  "oauth_hostile_tokens",
  "paths",
  "reload",
  "six_pairs",
  "stdio_servers",
  "streamable_http_posts",
  "streamable_http_streams",
].map((name) => `${END_TO_END}/${name}_test.ts`);

interface Round {
  readonly title: string;
  /** The command line of a runner that writes a JUnit report to `report`. */
  command(report: string): string[];
}

const folder = mkdtempSync(join(tmpdir(), "mcp-front-tests-"));
process.exitCode = await runAll().finally(() =>
  rmSync(folder, { recursive: true })
);

async function runAll(): Promise<number> {
  const results: Counts[] = [];
  for (const [index, round] of rounds().entries()) {
    console.log(`\n=== ${round.title}`);
    const counts = await run(round, join(folder, `${index}.xml`));
    console.log(`=== ${round.title}: ${sentence(counts)}`);
    results.push(counts);
  }
  const total = results.reduce(add);
  console.log(`\n${sentence(total)}`);
  return total.failed === 0 ? 0 : 1;
}

function rounds(): Round[] {
  const paths = readdirSync("tests").map((name) => `./tests/${name}`)
    .filter((path) => path !== EXECUTABLE_TESTS);
  return [
    {
      title: "on Deno",
      command: (report) =>
        onDeno([
          ...paths.filter((path) => path !== END_TO_END),
          ...END_TO_END_ON_DENO,
        ], report),
    },
    { title: "on Bun", command: (report) => onBun(paths, report) },
    {
      title: "the executable",
      command: (report) => onBun([EXECUTABLE_TESTS], report),
    },
  ];
}

function onDeno(paths: readonly string[], report: string): string[] {
  const options = ["-A", "--no-check", "--parallel", `--junit-path=${report}`];
  return [DENO, "test", ...options, ...paths];
}

function onBun(paths: readonly string[], report: string): string[] {
  const limits = [`--timeout=${TEST_LIMIT_MS}`, `--parallel=${JOBS}`];
  const junit = ["--reporter=junit", `--reporter-outfile=${report}`];
  return [BUN, "test", ...limits, ...junit, ...paths];
}

/** A runner that fails without naming a test, or that finds no test, counts as one failure. */
async function run(round: Round, report: string): Promise<Counts> {
  const code = await exitCodeOf(round.command(report));
  const counts = readCounts(report);
  const { passed, failed, skipped } = counts;
  const wentWell = code === 0 && passed + skipped > 0;
  if (wentWell || failed > 0) return counts;
  console.log(`=== ${round.title}: the runner ended with code ${code}`);
  return { ...counts, failed: 1 };
}

async function exitCodeOf([command, ...args]: string[]): Promise<number> {
  const env = { ...process.env, DENO_PATH: DENO, DENO_JOBS: `${JOBS}` };
  const child = spawn(command as string, args, { stdio: "inherit", env });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function readCounts(report: string): Counts {
  try {
    return countTests(readFileSync(report, "utf8"));
  } catch {
    // No report: the runner did not get that far, which its exit code says too.
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

function sentence({ passed, failed, skipped }: Counts): string {
  const text = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${text}, ${skipped} skipped` : text;
}
