// Waits until nothing goes on any more, and says what still does.

import { setTimeout as delay } from "node:timers/promises";

const LOOK_MS = 100;

/** Looks until `holds` does; returns whether it came to that within the limit. */
export async function until(
  holds: () => boolean,
  limitMs: number,
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await delay(LOOK_MS);
  }
  return true;
}
