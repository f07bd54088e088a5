// The conformance suite against the executable, cell by cell; see docs/conformance.md.

import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { ALL_CELLS, CELLS, titleOf } from "../tests/conformance/cells.ts";
import type { Cell } from "../tests/conformance/cells.ts";
import { isBad } from "../tests/conformance/check.ts";
import {
  accepted,
  knownDifferences,
  writeKnownDifferences,
} from "../tests/conformance/known_differences.ts";
import type { KnownDifference } from "../tests/conformance/known_differences.ts";
import { measure } from "../tests/conformance/measure.ts";
import type {
  Baseline,
  Matrix,
  Measured,
} from "../tests/conformance/measure.ts";
import { updated } from "../tests/conformance/page.ts";
import { surprises } from "../tests/conformance/surprises.ts";

const PAGE = new URL("../docs/conformance.md", import.meta.url);
const SECOND_MS = 1000;
const USAGE_EXIT_CODE = 2;
const USAGE = `usage: deno task conformance [WORD...] [options]

  WORD...   only the cells whose title has every word: 2026-07-28 stdio
  --accept  write what was found to tests/conformance/known_differences.json
  --write   write the tables of docs/conformance.md; takes no WORD
`;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  let options;
  try {
    options = conformanceOptions(args);
  } catch (error) {
    console.error(`error: ${(error as Error).message}\n\n${USAGE}`);
    return USAGE_EXIT_CODE;
  }
  const before = knownDifferences();
  const matrix = await measure(options.cells, before);
  print(matrix);
  const known = options.accept ? afterwards(before, matrix) : before;
  if (options.accept) writeKnownDifferences(known);
  if (options.write) {
    const page = readFileSync(PAGE, "utf8");
    writeFileSync(PAGE, updated(page, matrix, known));
  }
  const found = surprises(matrix, known);
  for (const line of found) console.log(line);
  return found.length === 0 ? 0 : 1;
}

function afterwards(
  before: readonly KnownDifference[],
  { cells }: Matrix,
): readonly KnownDifference[] {
  const titles = cells.map(({ cell }) => titleOf(cell));
  const found = cells.flatMap(({ differences }) => differences);
  return accepted(before, titles, found);
}

/** Throws an `Error` that says what is wrong. */
function conformanceOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      accept: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  if (values.write && positionals.length > 0) {
    throw new Error("--write: the page has all cells, wanted no words");
  }
  const cells = cellsWith(positionals);
  if (cells.length > 0) return { cells, ...values };
  const titles = ALL_CELLS.map((cell) => `\n  ${titleOf(cell)}`).join("");
  throw new Error(
    `found "${positionals.join(" ")}", wanted words of:${titles}`,
  );
}

/** With words also cells that the gateway does not serve: to see what they give. */
function cellsWith(words: readonly string[]): readonly Cell[] {
  if (words.length === 0) return CELLS;
  return ALL_CELLS.filter((cell) =>
    words.every((word) => titleOf(cell).includes(word))
  );
}

function print({ baselines, cells }: Matrix): void {
  for (const baseline of baselines) {
    console.log(line(`${baseline.title}, without`, baseline));
  }
  for (const measured of cells) {
    const { cell, differences } = measured;
    const unlike = `${differences.length} come out otherwise`;
    console.log(`${line(titleOf(cell), measured)}, ${unlike}`);
  }
}

function line(
  title: string,
  { results, repeated, ms }: Baseline | Measured,
): string {
  const checks = [...results.values()].flat();
  const bad = checks.filter(isBad).length;
  const seconds = (ms / SECOND_MS).toFixed(1);
  const again = repeated.length === 0
    ? ""
    : ` (ran again: ${repeated.join(", ")})`;
  return `${title.padEnd(44)} ${seconds.padStart(5)} s: ` +
    `${checks.length} checks, ${bad} found a fault${again}`;
}
