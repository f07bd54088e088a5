// What is not as it should be: a fault without the gateway, or a difference that the list of known ones does not tell of.

import { speaksItself, titleOf } from "./cells.ts";
import { isBad } from "./check.ts";
import { ABSENT, isAmong } from "./differences.ts";
import type { Difference } from "./differences.ts";
import type { KnownDifference } from "./known_differences.ts";
import type { Baseline, Matrix, Measured } from "./measure.ts";

/** One line each; none when everything is as it should be. */
export function surprises(
  { baselines, cells }: Matrix,
  known: readonly KnownDifference[],
): string[] {
  return [
    ...baselines.flatMap(faultsOf),
    ...cells.flatMap((measured) => surprisesOf(measured, known)),
  ];
}

function faultsOf({ title, results }: Baseline): string[] {
  return [...results].flatMap(([scenario, checks]) =>
    checks.filter(isBad).map(({ name, message }) =>
      `${title} without mcp-front: ${scenario}, ${name}: ${message}`
    )
  );
}

function surprisesOf(
  { cell, differences }: Measured,
  known: readonly KnownDifference[],
): string[] {
  const expected = known.filter((one) => one.cell === titleOf(cell));
  const unknown = differences.filter((one) => !isAmong(expected, one));
  const gone = expected.filter((one) => !isAmong(differences, one));
  const unexplained = expected.filter(({ reason }) => reason === "");
  const worse = speaksItself(cell) ? expected.filter(isWorse) : [];
  return [
    ...unknown.map((one) => `Not in the list: ${sentence(one)}`),
    ...gone.map((one) => `In the list, and no longer so: ${sentence(one)}`),
    ...unexplained.map((one) => `Without a reason: ${sentence(one)}`),
    ...worse.map((one) => `Worse than without mcp-front: ${sentence(one)}`),
  ];
}

/** Whether a check was made no longer, or now finds a fault. */
function isWorse({ through }: Difference): boolean {
  return through === ABSENT || isBad({ status: through });
}

function sentence(
  { cell, scenario, check, direct, through, message }: Difference,
): string {
  const why = message === undefined ? "" : ` (${message})`;
  return `${cell}: ${scenario}, ${check}: ${direct} → ${through}${why}`;
}
