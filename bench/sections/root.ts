// What it costs to reach a server at the root, with fifty servers and two thousand tools behind it.

import { compare } from "../compare.ts";
import type { Contender } from "../compare.ts";
import { drive } from "../load/drive.ts";
import { StreamableLoad } from "../load/streamable.ts";
import { startFront, tokenOf, WIDE_LIMITS } from "../participants/front.ts";
import type { Program } from "../participants/program.ts";
import { cpuMsOf, residentKibOf } from "../process_cpu.ts";
import { LiveTable } from "../report/live_table.ts";
import { inTurns, median } from "../run.ts";
import type { Findings, Run } from "../run.ts";
import { SMALL } from "../sizes.ts";

const SERVERS = 50;
const TOOLS_PER_SERVER = 40;
const CALLERS = 16;
const WARM_UP = 4;
const LISTS = 20;
const OPENINGS = 10;
const IDLE = 50;

/** Runs it. */
export async function root(run: Run): Promise<Findings> {
  const names = Array.from({ length: SERVERS }, (_, index) => `far-${index}`);
  const url = `${run.origin}/mcp-quiet`;
  const server = { url, transport: "streamable-http" };
  await using front = await startFront(
    Object.fromEntries(names.map((name) => [name, server])),
    { limits: WIDE_LIMITS },
  );
  const place = new Place(front, names.at(-1) as string);
  return {
    tables: [await callsAt(place, run), await costsOf(place, run)],
    measures: [],
  };
}

/** The root, and one of the servers behind it. */
class Place {
  readonly front: Program;
  readonly #name: string;

  constructor(front: Program, name: string) {
    this.front = front;
    this.#name = name;
  }

  get pid(): number {
    return this.front.pid as number;
  }

  atRoot(): Promise<StreamableLoad> {
    return this.#begin("/mcp", `${this.#name}__echo`);
  }

  atServer(): Promise<StreamableLoad> {
    return this.#begin(`/${this.#name}/mcp`);
  }

  #begin(path: string, tool?: string): Promise<StreamableLoad> {
    const url = new URL(this.front.said + path);
    return StreamableLoad.begin({ url, token: tokenOf(0) }, tool);
  }
}

async function callsAt(place: Place, { options, progress }: Run) {
  const table = new LiveTable(
    `Calls of one of ${SERVERS} servers, 32 B, ${CALLERS} callers`,
    [["at", 18], "calls/s", "CPU µs", "CPU ×", "p50 ms"],
    progress,
  );
  const { pid } = place;
  const ways = {
    "/{server}/mcp": await inTurns(CALLERS, () => place.atServer()),
    "/mcp": await inTurns(CALLERS, () => place.atRoot()),
  };
  const contenders: Contender[] = [];
  for (const [name, sessions] of Object.entries(ways)) {
    const forMs = options.windowMs * WARM_UP;
    await drive(sessions, { bytes: SMALL, forMs });
    contenders.push({ name, pid, sessions });
  }
  const { rounds, windowMs } = options;
  const done = await compare(contenders, { rounds, windowMs, bytes: SMALL });
  let least: number | undefined;
  for (const [at, one] of done) {
    if (typeof one === "string") continue;
    least ??= one.cpuMicros;
    const { callsPerSecond, cpuMicros, p50Ms } = one;
    table.add(at, callsPerSecond, cpuMicros, cpuMicros / least, p50Ms);
  }
  const sessions = Object.values(ways).flat();
  await inTurns(sessions.length, async (at) => await sessions[at]?.end());
  return table;
}

async function costsOf(place: Place, { progress }: Run) {
  const table = new LiveTable(
    `The root of ${SERVERS} servers with ${SERVERS * TOOLS_PER_SERVER} tools`,
    [["what", 34], "ms", "CPU ms", "KiB"],
    progress,
  );
  const { pid } = place;
  const opened: StreamableLoad[] = [];
  const open = async () => void opened.push(await place.atRoot());
  const opening = await timed(pid, OPENINGS, open);
  table.add("a session opened", opening.ms, opening.cpuMs, null);
  const [first] = opened;
  const list = async () => {
    const tools = await first?.listTools();
    if (tools !== SERVERS * TOOLS_PER_SERVER) {
      throw new Error(`the list has ${tools} tools`);
    }
  };
  await timed(pid, LISTS, list);
  const listing = await timed(pid, LISTS, list);
  table.add("a list of all tools", listing.ms, listing.cpuMs, null);
  const before = residentKibOf(pid);
  await inTurns(IDLE, open);
  const kib = (residentKibOf(pid) - before) / IDLE;
  table.add("an idle session", null, null, kib);
  await inTurns(opened.length, async (at) => await opened[at]?.end());
  return table;
}

async function timed(pid: number, times: number, work: () => Promise<void>) {
  const before = cpuMsOf(pid);
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
  }
  return { ms: median(took), cpuMs: (cpuMsOf(pid) - before) / times };
}
