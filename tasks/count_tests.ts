// Counts tests in the JUnit report of a runner.

/** How many tests came out how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts the test cases of a report. Deno lists groups as cases as well; those are not counted. */
export function countTests(report: string): Counts {
  const cases = [...report.matchAll(CASE)].map(([, name = "", body = ""]) => ({
    name,
    body,
  }));
  const groups = new Set(cases.flatMap(({ name }) => groupsOf(name)));
  const tests = cases.filter(({ name }) => !groups.has(name));
  const failed = tests.filter(({ body }) => body.includes("<failure")).length;
  const skipped = tests.filter(({ body }) => body.includes("<skipped")).length;
  return { passed: tests.length - failed - skipped, failed, skipped };
}

const CASE = /<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** `a > b > c` lies in the groups `a` and `a > b`. */
function groupsOf(name: string): string[] {
  const parts = name.split(" &gt; ");
  return parts.slice(1).map((_, index) =>
    parts.slice(0, index + 1).join(" &gt; ")
  );
}
