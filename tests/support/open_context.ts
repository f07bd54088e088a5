// On whose behalf a test opens a backend.

import type { OpenContext } from "../../lib/backend.ts";

/** A principal that may do everything, in a session that ends with `signal`. */
export function openContext(
  signal: AbortSignal = new AbortController().signal,
): OpenContext {
  return {
    session: "test",
    signal,
    principal: {
      id: "tester",
      generation: "1",
      revoked: new AbortController().signal,
      allows: () => ({ allowed: true, rule: "test" }),
    },
  };
}
