// One case of the table: a fault in one phase, between a client and a backend of given transports.

import type { Runtime } from "../../lib/runtime/this_runtime.ts";
import { FaultBackend } from "../support/fault_backend.ts";
import type { FaultHost } from "../support/fault_host.ts";
import type { FaultPhase } from "../support/fault_backend.ts";
import { faultClient } from "../support/fault_clients.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { assertBaseline } from "./baseline.ts";
import { BACKEND_PAIRS, CALLED } from "./fault_pairs.ts";
import type { FaultPair } from "./fault_pairs.ts";
import type { After, FaultRow } from "./fault_row.ts";
import { begin } from "./phases_of_clients.ts";
import { playedHere } from "./played_here.ts";
import { SHORT_LIMIT_MS, Stage } from "./stage.ts";

/** What limits of time are set to where they must not end any wait. */
const LONG_LIMIT_MS = 20_000;

/** A row for one pair of transports in one phase. */
export interface FaultCase {
  readonly row: FaultRow;
  readonly pair: FaultPair;
  readonly phase: FaultPhase;
}

/** The cases of a table that are played on a runtime, row by row; those that take long come first. */
export function casesOf(
  rows: readonly FaultRow[],
  runtime: Runtime,
): readonly FaultCase[] {
  const all = rows.filter(({ needs }) => runtime === "bun" || !needs)
    .toSorted((a, b) => patience(b) - patience(a))
    .flatMap((row) =>
      BACKEND_PAIRS.filter(({ backend }) => row.backends.includes(backend))
        .flatMap((pair) => row.phases.map((phase) => ({ row, pair, phase })))
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
  "listens anew": "the session goes on, and its lists may differ",
  "begins anew": "the next call starts the server again",
  "waits": "calls fail until the server is up again",
  "stays deaf": "the next call fails too",
  "is over": "there is nothing to go on with",
};

/** The name of a case's test. */
export function nameOf({ row, pair, phase }: FaultCase): string {
  const { client, backend } = pair;
  const early = phase === "connecting" || phase === "initialising";
  const then = early
    ? "initialize says why" +
      (row.after === "is over" ? "" : ", one that comes later works")
    : THEN[row.after];
  return `${backend} · ${row.what} ${WHEN[phase]} · ${CALLED[client]}: ${then}`;
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
  const far = { ...backend.entry(place), timeouts, bridge: "always" };
  await using gateway = await startGateway({ far });
  const target = { url: gateway.url, server: "far" };
  const { alice: token, bob } = TOKENS;
  const isModern = pair.client === "exchanges" || backend.isModern;
  // Which era a server is of is found out once, by whoever comes first.
  if (isModern && place === undefined && pair.backend !== "sse") {
    await using first = faultClient(pair.client, { ...target, token: bob });
    await begin(first);
    await first.end();
    await gateway.logText();
  }
  await using client = faultClient(pair.client, { ...target, token });
  const stage = new Stage({ row, pair, backend, gateway, client });
  await stage.play(phase);
  await client.end();
  // What is kept for exchanges, and a modern child, end with the gateway or when they are unused for long.
  if (isModern) await gateway.close(0);
  await assertBaseline(gateway, backend);
}

/** A limit of time has to run out, or a child has to be made to go. */
function patience({ noticed, order }: FaultRow): number {
  return noticed || order?.do === "closeOutput" ? 1 : 0;
}
