// Which cases of the tables are played on which runtime.

import type { Runtime } from "../../lib/runtime/this_runtime.ts";

/**
 * On Bun, of which the executable is made, all cases. On Deno one of each group: its cases differ only in the
 * transport of the side that does nothing wrong, and take turns from group to group. What the runtimes do differently
 * (an HTTP server, `fetch`, child processes) stands on one side, and what joins the sides is the same code on both.
 *
 * @param groupOf what a case has in common with those of its group
 */
export function playedHere<T>(
  cases: readonly T[],
  groupOf: (one: T) => string,
  runtime: Runtime,
): readonly T[] {
  if (runtime === "bun") return cases;
  const groups = Map.groupBy(cases, groupOf);
  return [...groups.values()].map((group, index) =>
    group[index % group.length] as T
  );
}
