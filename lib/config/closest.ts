// "Did you mean": the known name that a mistyped one was probably meant to be.

import { distance } from "../../deps.ts";

/** Longer names are not compared: the comparison takes time, and no known name is longer. */
const MAX_LENGTH = 64;

/** The candidate nearest to a name, when it is near enough to be meant. */
export function closest(
  name: string,
  candidates: Iterable<string>,
): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.floor(name.length / 3) + 1;
  for (const candidate of candidates) {
    const steps = distance(wanted, candidate.toLowerCase());
    if (steps >= least) continue;
    best = candidate;
    least = steps;
  }
  return best;
}
