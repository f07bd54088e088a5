// One case of the table: what a client does wrong in one phase, while another goes about its business.

import type { Runtime } from "../../lib/runtime/this_runtime.ts";
import { FaultBackend } from "../support/fault_backend.ts";
import type { FaultHost } from "../support/fault_host.ts";
import type { FaultPhase } from "../support/fault_backend.ts";
import { faultClient } from "../support/fault_clients.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { assertBaseline } from "./baseline.ts";
import type { ClientFaultRow } from "./client_fault_row.ts";
import { CALLED, CLIENT_PAIRS } from "./fault_pairs.ts";
import type { FaultPair } from "./fault_pairs.ts";
import { ClientStage } from "./client_stage.ts";
import { WHEN } from "./fault_case.ts";
import { Onlooker } from "./onlooker.ts";
import { playedHere } from "./played_here.ts";

/** A row for one pair of transports in one phase. */
export interface ClientFaultCase {
  readonly row: ClientFaultRow;
  readonly pair: FaultPair;
  readonly phase: FaultPhase;
}

/** The cases of a table that are played on a runtime, row by row. */
export function clientCasesOf(
  rows: readonly ClientFaultRow[],
  runtime: Runtime,
): readonly ClientFaultCase[] {
  const all = rows.flatMap((row) =>
    CLIENT_PAIRS.filter(({ client }) => row.clients.includes(client))
      .flatMap((pair) => row.phases.map((phase) => ({ row, pair, phase })))
  );
  return playedHere(
    all,
    ({ row, pair, phase }) => [rows.indexOf(row), pair.client, phase].join(),
    runtime,
  );
}

/** The name of a case's test. */
export function clientNameOf({ row, pair, phase }: ClientFaultCase): string {
  const { client, backend } = pair;
  const { what, outcome } = row;
  return `${CALLED[client]} · ${what} ${
    WHEN[phase]
  } · ${backend}: its session ${outcome}`;
}

/** Lets the client do it and sees to all that must hold; throws what does not. */
export async function runClientCase(
  { row, pair, phase }: ClientFaultCase,
  host: FaultHost,
): Promise<void> {
  await using backend = await FaultBackend.start(pair.backend, { host });
  const limits = row.limits ?? {};
  // Else clients of the modern era would be told to begin with `initialize` over stdio.
  const far = { ...backend.entry(), bridge: "always" };
  await using gateway = await startGateway({ far }, { limits });
  const target = { url: gateway.url, server: "far" };
  const { alice: token, bob } = TOKENS;
  await using onlooker = await Onlooker.begin(pair.client, {
    ...target,
    token: bob,
  });
  const newClient = (firstId: number) =>
    faultClient(pair.client, { ...target, token, firstId });
  await using client = newClient(0);
  const cast = { row, backend, gateway, client, onlooker, newClient };
  await new ClientStage(cast).play(phase);
  await client.end();
  await onlooker.end();
  // What is kept for exchanges ends with the gateway, or when it is unused for long.
  if (pair.client === "exchanges") await gateway.close(0);
  await assertBaseline(gateway, backend);
}
