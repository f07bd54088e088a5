// Kills what the clients cannot: the servers over HTTP, and the gateway's reaper.

import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type { Findings } from "../findings.ts";
import { reapersOf } from "../gateway/reaper_process.ts";
import type { Random } from "../plan/random.ts";
import type { Remote } from "./remote.ts";

/** What may be killed. */
export interface DisturberOptions {
  readonly random: Random;
  readonly remotes: readonly Remote[];
  /** The gateway. */
  readonly pid: number;
  readonly findings: Findings;
  readonly signal: AbortSignal;
}

const LONGEST_CALM_MS = 20_000;
const LONGEST_DOWN_MS = 4_000;
const REAPER_KILLED = 0.35;
/** The second server is left in peace most of the time, so that its users have no excuse. */
const LATE_KILLED = 0.1;
/** Until there is a reaper again. */
const REAPER_BACK_MS = 5_000;
const LOOK_MS = 50;

/** Kills something now and then, until the signal fires. */
export async function disturb(options: DisturberOptions): Promise<void> {
  const { random, remotes, findings, signal } = options;
  while (!signal.aborted) {
    const calmMs = random.between(1_000, LONGEST_CALM_MS);
    const reaper = random.happens(REAPER_KILLED);
    const remote = remotes[random.happens(LATE_KILLED) ? 1 : 0];
    const downMs = random.between(100, LONGEST_DOWN_MS);
    const stopped = await delay(calmMs, false, { signal }).catch(() => true);
    if (stopped) return;
    if (reaper) {
      await killReaper(options);
      continue;
    }
    findings.count(`injected ${remote?.name} killed`);
    remote?.kill(downMs);
  }
}

async function killReaper(
  { pid, findings, signal }: DisturberOptions,
): Promise<void> {
  const reapers = reapersOf(pid);
  const [reaper] = reapers;
  if (reaper === undefined) {
    findings.fail("leak", "the gateway has no reaper");
    return;
  }
  findings.count("injected reaper killed");
  process.kill(reaper, "SIGKILL");
  const since = performance.now();
  while (performance.now() - since < REAPER_BACK_MS) {
    await delay(LOOK_MS);
    if (reapersOf(pid).some((next) => !reapers.includes(next))) {
      return findings.took("reaper back", performance.now() - since);
    }
    if (signal.aborted) return;
  }
  findings.fail("leak", `no reaper ${REAPER_BACK_MS} ms after it was killed`);
}
