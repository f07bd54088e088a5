// How a process that a signal ended shows it in its exit code.

import type { StopSignal } from "../runtime/interruptions.ts";

/** What shells show for such a process: 128 and the signal's number. */
export const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};
