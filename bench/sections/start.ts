// From the start of the process to its first answer, and the size of the executable.

import { statSync } from "node:fs";
import { realpathSync } from "node:fs";
import { BUN } from "../participants/backends.ts";
import { EXECUTABLE } from "../participants/front.ts";
import type { Pair } from "../participants/participant.ts";
import { startParticipant } from "../participants/start.ts";
import { LiveTable } from "../report/live_table.ts";
import { median } from "../run.ts";
import type { Findings, Run } from "../run.ts";

const PAIR: Pair = { client: "streamable-http", backend: "streamable-http" };
/** Starts in each round. */
const STARTS = 3;
const NAMES = ["floor", "mcp-front"] as const;
const BYTES_PER_MIB = 1024 * 1024;

/** Runs it. */
export async function start(run: Run): Promise<Findings> {
  const table = new LiveTable(
    "Start to first answer, and the program",
    [["participant", 13], "ms", "ms ×", "MiB"],
    run.progress,
  );
  const times = { "floor": [] as number[], "mcp-front": [] as number[] };
  const ratios: number[] = [];
  for (let turn = 0; turn <= run.options.rounds * STARTS; turn++) {
    const [floor = NaN, front = NaN] = [
      await startOf("floor", run),
      await startOf("mcp-front", run),
    ];
    // The first reads the programs into memory.
    if (turn === 0) continue;
    times.floor.push(floor);
    times["mcp-front"].push(front);
    ratios.push(front / floor);
  }
  const figure = median(ratios);
  const sizes = { "floor": sizeOf(BUN), "mcp-front": sizeOf(EXECUTABLE) };
  for (const name of NAMES) {
    const ratio = name === "floor" ? 1 : figure;
    table.add(name, median(times[name]), ratio, sizes[name]);
  }
  const where = "Streamable HTTP";
  return { tables: [table], measures: [{ budget: "start", where, figure }] };
}

async function startOf(
  name: typeof NAMES[number],
  { origin }: Run,
): Promise<number> {
  const began = performance.now();
  await using one = await startParticipant(name, PAIR, origin);
  const session = await one?.begin();
  const ms = performance.now() - began;
  await session?.end();
  return ms;
}

function sizeOf(program: string): number {
  return statSync(realpathSync(program)).size / BYTES_PER_MIB;
}
