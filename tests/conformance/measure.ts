// Runs the suite for cells of the matrix: against the fixture itself, and through a gateway.

import { startGateway } from "../support/gateway_process.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import { baselineOf, titleOf } from "./cells.ts";
import type { Cell } from "./cells.ts";
import { isBad } from "./check.ts";
import { differencesIn, differencesOf, isAmong } from "./differences.ts";
import type { Difference } from "./differences.ts";
import { nameOf, RunningFixtures } from "./fixture/fixtures.ts";
import { forward } from "./forwarder.ts";
import { inTurns } from "./in_turns.ts";
import type { KnownDifference } from "./known_differences.ts";
import { settledRun } from "./settled.ts";
import type { SettledRun } from "./settled.ts";

/** A run without the gateway, to compare with. */
export interface Baseline extends SettledRun {
  /** `2025-11-25 legacy-streamable-http` */
  readonly title: string;
  readonly ms: number;
}

/** A run through the gateway. */
export interface Measured extends SettledRun {
  readonly cell: Cell;
  readonly baseline: Baseline;
  readonly differences: readonly Difference[];
  readonly ms: number;
}

/** Everything that was measured. */
export interface Matrix {
  readonly baselines: readonly Baseline[];
  readonly cells: readonly Measured[];
}

/** As many runs at once: they wait for most of their time. */
const RUNS_AT_ONCE = 3;

/** Measures cells, and what they are compared with; what is `known` does not surprise. */
export async function measure(
  cells: readonly Cell[],
  known: readonly KnownDifference[],
): Promise<Matrix> {
  await using fixtures = await RunningFixtures.start();
  const { mcpServers } = fixtures;
  await using gateway = await startGateway({ config: configWith(mcpServers) });
  const directly = new Map(cells.map((cell) => {
    const { revision } = cell;
    const baseline = { revision, fixture: baselineOf(cell) };
    return [titleOf(baseline), baseline];
  }));
  const baselines = await inTurns(
    RUNS_AT_ONCE,
    [...directly.values()],
    (cell) => runDirectly(cell, fixtures.originOf(cell.fixture)),
  );
  const measured = await inTurns(RUNS_AT_ONCE, cells, (cell) => {
    const title = titleOf({ ...cell, fixture: baselineOf(cell) });
    const baseline = baselines.find((one) => one.title === title) as Baseline;
    return runThrough(cell, baseline, gateway.url, known);
  });
  return { baselines, cells: measured };
}

async function runDirectly(
  { revision, fixture }: Cell,
  to: string,
): Promise<Baseline> {
  const began = performance.now();
  await using forwarder = await forward({ to, revision });
  const url = `${forwarder.origin}/mcp`;
  const run = await settledRun(
    { url, revision },
    (_, checks) => !checks.some(isBad),
  );
  const ms = performance.now() - began;
  return { title: titleOf({ revision, fixture }), ms, ...run };
}

async function runThrough(
  cell: Cell,
  baseline: Baseline,
  to: string,
  known: readonly KnownDifference[],
): Promise<Measured> {
  const began = performance.now();
  const { revision, fixture } = cell;
  const title = titleOf(cell);
  const authorization = `Bearer ${DEV_TOKEN}`;
  await using forwarder = await forward({ to, revision, authorization });
  const url = `${forwarder.origin}/${nameOf(fixture)}/mcp`;
  const run = await settledRun({ url, revision }, (scenario, checks) => {
    const place = { cell: title, scenario };
    const before = baseline.results.get(scenario);
    const found = differencesIn(place, before, checks);
    const expected = known.filter((one) =>
      one.cell === title && one.scenario === scenario
    );
    return found.length === expected.length &&
      found.every((one) => isAmong(expected, one));
  });
  const ms = performance.now() - began;
  const differences = differencesOf(title, baseline.results, run.results);
  return { cell, baseline, differences, ms, ...run };
}
