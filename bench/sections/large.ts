// The most memory that a very large answer takes on its way.

import { setTimeout as delay } from "node:timers/promises";
import type { Measure } from "../budgets.ts";
import { drive } from "../load/drive.ts";
import { pairName, PAIRS } from "../participants/participant.ts";
import type { Participant } from "../participants/participant.ts";
import { startParticipant } from "../participants/start.ts";
import { forgetPeak, peakKibOf, residentKibOf } from "../process_cpu.ts";
import { LiveTable } from "../report/live_table.ts";
import type { Findings, Run } from "../run.ts";
import { HUGE, SMALL } from "../sizes.ts";

const NAMES = ["floor", "mcp-front"] as const;
const SETTLING_MS = 500;
const WARM_UP_MS = 300;
/** Calls before the peak is read. */
const CALLS = 3;
const KIB = 1024;

/** Runs it. */
export async function large(run: Run): Promise<Findings> {
  const table = new LiveTable(
    `Peak memory above idle, ${CALLS} answers of 8 MB, 1 session`,
    [["pair", 44], ["participant", 13], "idle MiB", "peak MiB", "messages"],
    run.progress,
  );
  const measures: Measure[] = [];
  for (const pair of PAIRS) {
    const where = pairName(pair);
    for (const name of NAMES) {
      await using one = await startParticipant(name, pair, run.origin);
      if (!one) continue;
      const { idle, peak } = await peakOf(one);
      const figure = (peak - idle) * KIB / HUGE;
      table.add(where, name, idle / KIB, peak / KIB, figure);
      if (name === "mcp-front") {
        measures.push({ budget: "peakOfLarge", where, figure });
      }
    }
  }
  return { tables: [table], measures };
}

/** In KiB. */
async function peakOf(
  one: Participant,
): Promise<{ readonly idle: number; readonly peak: number }> {
  const pid = one.pid as number;
  const session = await one.begin();
  await drive([session], { bytes: SMALL, forMs: WARM_UP_MS });
  await delay(SETTLING_MS);
  const idle = residentKibOf(pid);
  forgetPeak(pid);
  for (let call = 0; call < CALLS; call++) await session.call(HUGE);
  const peak = peakKibOf(pid);
  await session.end();
  return { idle, peak };
}
