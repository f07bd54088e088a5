// The list of the differences that are known, each with its reason: `known_differences.json`. It may only become shorter.

import { readFileSync, writeFileSync } from "node:fs";
import { areAlike } from "./differences.ts";
import type { Difference } from "./differences.ts";

/** A difference with why it is so. */
export interface KnownDifference extends Difference {
  readonly reason: string;
}

/** How it stands in the file: alike in all but their cells are one. */
interface Entry extends Omit<KnownDifference, "cell" | "message"> {
  readonly cells: readonly string[];
}

const FILE = new URL("known_differences.json", import.meta.url);

/** Reads the list. */
export function knownDifferences(): KnownDifference[] {
  const entries: Entry[] = JSON.parse(readFileSync(FILE, "utf8"));
  return entries.flatMap(({ cells, ...rest }) =>
    cells.map((cell) => ({ cell, ...rest }))
  );
}

/** Writes the list. */
export function writeKnownDifferences(
  differences: readonly KnownDifference[],
): void {
  const entries = JSON.stringify(grouped(differences), undefined, 2);
  writeFileSync(FILE, `${entries}\n`);
}

/**
 * The list after `cells` were measured. A reason is kept where it stood, or taken from
 * the same difference in another cell; a new difference has an empty one, to be written
 * by hand. What is known of other cells stays.
 */
export function accepted(
  known: readonly KnownDifference[],
  cells: readonly string[],
  found: readonly Difference[],
): KnownDifference[] {
  const others = known.filter(({ cell }) => !cells.includes(cell));
  return [
    ...others,
    ...found.map((one) => ({ ...one, reason: reasonFor(one, known) })),
  ];
}

function reasonFor(
  difference: Difference,
  known: readonly KnownDifference[],
): string {
  const alike = known.filter((one) => areAlike(one, difference));
  const same = alike.find(({ cell }) => cell === difference.cell);
  return (same ?? alike[0])?.reason ?? "";
}

/** Differences that are alike in all but their cells, in the order of their scenarios. */
export function grouped(differences: readonly KnownDifference[]): Entry[] {
  const groups = Map.groupBy(
    differences,
    ({ scenario, check, direct, through, reason }) =>
      JSON.stringify({ scenario, check, direct, through, reason }),
  );
  return [...groups].sort(([one], [other]) => one < other ? -1 : 1)
    .map(([key, members]) => ({
      ...JSON.parse(key),
      cells: members.map(({ cell }) => cell).sort(),
    }));
}
