// The orderly end of a running gateway, within a limit of time.

import { clearTimeout, setTimeout } from "node:timers";
import type { Gateway } from "../../mod.ts";
import type { Reaper } from "../runtime/reaper.ts";
import type { Listener } from "../runtime/serve.ts";

/** How long requests in flight may take to finish. */
export const GRACE_MS = 4_500;

/** How long all of it may take but the last log lines. */
export const SHUT_DOWN_LIMIT_MS = 4_750;

/** How long the last log lines may take; with the limit above it makes 5 s. */
export const FLUSH_LIMIT_MS = 250;

/** How long answers that are written already may take to be sent. */
const DRAIN_MS = 200;

/** How long the reaper may take; it goes on without us where something has left its group. */
export const REAPER_MS = 200;

/** What has to end. */
export interface Ending {
  readonly gateway: Pick<Gateway, "close">;
  readonly listener: Listener;
  readonly reaper: Reaper;
  /** How long requests in flight may take to finish, in milliseconds; by default `GRACE_MS`. */
  readonly graceMs?: number;
}

/**
 * Refuses new sessions, lets requests finish, for which their clients may have to be heard, then
 * ends streams, sessions, children, the listener and its connections.
 */
export async function shutDown(
  { gateway, listener, reaper, graceMs = GRACE_MS }: Ending,
): Promise<void> {
  const ended = async () => {
    await gateway.close({ graceMs });
    await atMost(DRAIN_MS, listener.stop());
    await listener.kill();
    await reaper.dismiss(REAPER_MS);
  };
  await atMost(SHUT_DOWN_LIMIT_MS, ended());
}

async function atMost(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
