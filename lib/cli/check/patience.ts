// Waits for servers that are only being started, elsewhere.

import { setTimeout as delay } from "node:timers/promises";
import type { Visit } from "./plan.ts";
import type { ServerReport } from "./server_report.ts";

const PAUSE_MS = 500;

/** What does not pass by waiting. */
const LASTING = /certificate|TLS/;

/** Examines a server again and again while it cannot be reached, until its own time for opening (`timeouts.open`) is over or `signal` fires. */
export async function untilReachable<Found>(
  visit: Visit,
  attempt: () => Promise<ServerReport<Found>>,
  signal: AbortSignal,
): Promise<ServerReport<Found>> {
  const { backend } = visit.server;
  const last = performance.now() + backend.timeouts.openMs - PAUSE_MS;
  for (;;) {
    const report = await attempt();
    const mayPass = backend.kind === "remote" && isUnreachable(report);
    const isLate = signal.aborted || performance.now() > last;
    if (!mayPass || isLate) return report;
    await delay(PAUSE_MS, undefined, { signal }).catch(() => {
      // It is given up: this was the last attempt but one.
    });
  }
}

function isUnreachable(report: ServerReport<unknown>): boolean {
  if (report.status !== "failed") return false;
  const { fault, message } = report.failure;
  return fault === "backend_unavailable" && !LASTING.test(message);
}
