// One case of the table: a fault in one phase, between a client and a backend of given transports.

import type { Runtime } from "../../lib/runtime/this_runtime.ts";
import { FaultBackend } from "../support/fault_backend.ts";
import type { FaultHost } from "../support/fault_host.ts";
import type { FaultPhase } from "../support/fault_backend.ts";
import { faultClient } from "../support/fault_clients.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { PAIRS } from "../support/world.ts";
import type { Pair } from "../support/world.ts";
import { assertBaseline } from "./baseline.ts";
import type { After, FaultRow } from "./fault_row.ts";
import { playedHere } from "./played_here.ts";
import { SHORT_LIMIT_MS, Stage } from "./stage.ts";

/** What limits of time are set to where they must not end any wait. */
const LONG_LIMIT_MS = 20_000;

/** A row for one pair of transports in one phase. */
export interface FaultCase {
  readonly row: FaultRow;
  readonly pair: Pair;
  readonly phase: FaultPhase;
}

/** The cases of a table that are played on a runtime, pair by pair. */
export function casesOf(
  rows: readonly FaultRow[],
  runtime: Runtime,
): readonly FaultCase[] {
  const all = PAIRS.flatMap((pair) =>
    rows.filter(({ backends }) => backends.includes(pair.backend))
      .flatMap((row) => row.phases.map((phase) => ({ row, pair, phase })))
  );
  return playedHere(
    all,
    ({ row, pair, phase }) => [rows.indexOf(row), pair.backend, phase].join(),
    runtime,
  );
}

/** A phase as part of a test's name. */
export const WHEN: Readonly<Record<FaultPhase, string>> = {
  connecting: "while connecting",
  initialising: "while initialising",
  idle: "while idle",
  calling: "in a call",
  streaming: "while streaming an answer",
};

const THEN: Readonly<Record<After, string>> = {
  "goes on": "the session goes on",
  "begins anew": "the next call starts the server again",
  "waits": "calls fail until the server is up again",
  "stays deaf": "the next call fails too",
  "is over": "there is nothing to go on with",
};

/** The name of a case's test. */
export function nameOf({ row, pair, phase }: FaultCase): string {
  const { client, backend } = pair;
  const who = client === "sse" ? "SSE client" : "Streamable HTTP client";
  const early = phase === "connecting" || phase === "initialising";
  const then = early
    ? "initialize says why" +
      (row.after === "is over" ? "" : ", the next one works")
    : THEN[row.after];
  return `${backend} · ${row.what} ${WHEN[phase]} · ${who}: ${then}`;
}

/** Brings the fault about and sees to all that must hold; throws what does not. */
export async function runCase(
  { row, pair, phase }: FaultCase,
  host: FaultHost,
): Promise<void> {
  const limitMs = row.noticed ? SHORT_LIMIT_MS : LONG_LIMIT_MS;
  const timeouts = { open: `${limitMs}ms`, request: `${limitMs}ms` };
  const { place } = row;
  // One that comes up again was gone before.
  const ownProcess = row.after === "waits";
  await using backend = await FaultBackend.start(pair.backend, {
    place,
    ...(!ownProcess && { host }),
  });
  const far = { ...backend.entry(place), timeouts };
  await using gateway = await startGateway({ far });
  const target = { url: gateway.url, server: "far", token: TOKENS.alice };
  await using client = faultClient(pair.client, target);
  const stage = new Stage({ row, backend, gateway, client });
  await stage.play(phase);
  await client.end();
  await assertBaseline(gateway, backend);
}
