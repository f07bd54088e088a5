// What is left out on one runtime: no fault that it can play, no phase, no transport of the side at fault, and no pair.

import assert from "node:assert/strict";
import { it } from "node:test";
import { clientCasesOf } from "./client_fault_case.ts";
import { BACKEND_PAIRS, CLIENT_PAIRS } from "./fault_pairs.ts";
import type { FaultPair } from "./fault_pairs.ts";
import { casesOf } from "./fault_case.ts";
import { FAULTS_OF_BACKENDS } from "./faults.ts";
import { FAULTS_OF_CLIENTS } from "./faults_of_clients.ts";

interface Case {
  readonly row: { readonly what: string };
  readonly pair: FaultPair;
  readonly phase: string;
}

/** What happens, when, and to which of these sides of the gateway. */
function seen(
  cases: readonly Case[],
  sides: readonly (keyof FaultPair)[],
): Set<string> {
  return new Set(
    cases.map(({ row, phase, pair }) =>
      [row.what, phase, ...sides.map((side) => pair[side])].join()
    ),
  );
}

function pairsIn(cases: readonly Case[]): Set<FaultPair> {
  return new Set(cases.map(({ pair }) => pair));
}

const TABLES = [
  {
    of: "backends",
    at: "backend",
    pairs: BACKEND_PAIRS,
    onBun: casesOf(FAULTS_OF_BACKENDS, "bun"),
    onDeno: casesOf(FAULTS_OF_BACKENDS, "deno"),
  },
  {
    of: "clients",
    at: "client",
    pairs: CLIENT_PAIRS,
    onBun: clientCasesOf(FAULTS_OF_CLIENTS, "bun"),
    onDeno: clientCasesOf(FAULTS_OF_CLIENTS, "deno"),
  },
] as const;

for (const { of, at, pairs, onBun, onDeno } of TABLES) {
  it(`every fault of ${of} is played with every pair on Bun, and what Deno can play on each transport of its side there`, () => {
    const rows = new Set(onBun.map(({ row }) => row));
    const expected = [...rows].flatMap((row) =>
      pairs.filter((pair) =>
        "backends" in row
          ? row.backends.includes(pair.backend)
          : row.clients.includes(pair.client)
      ).length * row.phases.length
    ).reduce((sum, one) => sum + one);
    assert.equal(onBun.length, expected);
    assert.ok(onDeno.length < onBun.length);
    const onBoth = onBun.filter(({ row }) => !("needs" in row));
    assert.deepEqual(seen(onDeno, [at]), seen(onBoth, [at]));
    assert.deepEqual(pairsIn(onDeno), new Set(pairs));
  });
}
