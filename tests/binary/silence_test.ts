// Streams and calls that are silent for longer than the runtime allows; `deno task silence` is the long run.

import { it } from "node:test";
import { keepSilence } from "../support/silence.ts";

/** More than the 10 s, looked at every 4 s, after which Bun ends a silent connection to its server by default. */
const SILENCE_MS = 15_000;
/** Bun ends a silent request of its own after 5 minutes, or these seconds. */
const BUN_CONFIG_HTTP_IDLE_TIMEOUT = "2";
const LIMIT = { timeout: 60_000 };

it(
  "streams and calls outlive the silence that the runtime allows",
  LIMIT,
  async () => {
    const env = { BUN_CONFIG_HTTP_IDLE_TIMEOUT };
    await keepSilence({ ms: SILENCE_MS, env });
  },
);
