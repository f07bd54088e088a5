// A run of the suite in which no check came out by accident.

import type { Check, Results } from "./check.ts";
import { runSuite } from "./suite.ts";
import type { SuiteOptions } from "./suite.ts";

/** Whether a scenario came out as it should. */
export type Expected = (scenario: string, checks: readonly Check[]) => boolean;

/** How often a scenario that did not is run again: the suite waits half a second for some answers, which a busy machine may miss. */
const REPETITIONS = 2;
/** More scenarios than these are no accident. */
const MOST_REPEATED = 5;

/** What it found, and how it got there. */
export interface SettledRun {
  readonly results: Results;
  /** The scenarios that were run more than once. */
  readonly repeated: readonly string[];
}

/** Runs every scenario, and those that do not come out as they should again. */
export async function settledRun(
  options: SuiteOptions,
  isExpected: Expected,
): Promise<SettledRun> {
  const results = await runSuite(options);
  const surprising = [...results].filter(([scenario, checks]) =>
    !isExpected(scenario, checks)
  );
  if (surprising.length > MOST_REPEATED) return { results, repeated: [] };
  for (const [scenario] of surprising) {
    for (let time = 0; time < REPETITIONS; time++) {
      const checks = (await runSuite({ ...options, scenario })).get(scenario);
      results.set(scenario, checks ?? []);
      if (isExpected(scenario, checks ?? [])) break;
    }
  }
  return { results, repeated: surprising.map(([scenario]) => scenario) };
}
