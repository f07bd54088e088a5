// On whose behalf a test opens a backend.

import type { OpenContext } from "../../lib/backend.ts";
import { Memory } from "../../lib/channel/memory.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Limits } from "../../lib/limits.ts";

/** A principal that may do everything, in a session that ends with `signal`. */
export function openContext(
  signal: AbortSignal = new AbortController().signal,
  limits: Limits = DEFAULT_LIMITS,
): OpenContext {
  return {
    limits,
    memory: new Memory(limits.sessionBytes),
    session: "test",
    signal,
    principal: {
      id: "tester",
      generation: "1",
      revoked: new AbortController().signal,
      allows: () => ({ allowed: true, rule: "test" }),
      restricted: () => new Set(),
      rules: () => ({ tool: "", prompt: "", resource: "" }),
      watch: () => () => {},
    },
  };
}
