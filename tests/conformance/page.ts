// The parts of docs/conformance.md that are made of what was measured.

import { titleOf } from "./cells.ts";
import { FIXTURES, nameOf } from "./fixture/fixtures.ts";
import { grouped } from "./known_differences.ts";
import type { KnownDifference } from "./known_differences.ts";
import type { Matrix, Measured } from "./measure.ts";
import { REVISIONS } from "./suite.ts";

/** The page with its tables as they are now; they stand between comments. */
export function updated(
  page: string,
  matrix: Matrix,
  known: readonly KnownDifference[],
): string {
  const withMatrix = replaced(page, "matrix", matrixOf(matrix));
  return replaced(withMatrix, "differences", differencesIn(known));
}

/** How many checks come out alike, of how many. */
function matrixOf({ cells }: Matrix): string {
  const byTitle = new Map(cells.map((one) => [titleOf(one.cell), one]));
  const rows = FIXTURES.map((fixture) => [
    nameOf(fixture),
    ...REVISIONS.map((revision) =>
      countsOf(byTitle.get(titleOf({ revision, fixture })))
    ),
  ]);
  return table(["server", ...REVISIONS], rows);
}

function countsOf(measured: Measured | undefined): string {
  if (!measured) return "-";
  const { results } = measured.baseline;
  const all = [...results.values()].flat().length;
  const { length } = measured.differences;
  return `${all - length} of ${all}`;
}

function differencesIn(known: readonly KnownDifference[]): string {
  const rows = grouped(known).map((
    { scenario, check, direct, through, reason, cells },
  ) => [`${scenario}: ${check}`, direct, through, reason, placesOf(cells)]);
  return table(["check", "without", "with", "why", "where"], rows);
}

/** `2025-11-25: legacy-sse, legacy-stdio` */
function placesOf(cells: readonly string[]): string {
  const titles = cells.map((cell) => cell.split(" "));
  const revisions = Map.groupBy(titles, ([revision]) => revision);
  return [...revisions].map(([revision, members]) =>
    `${revision}: ${members.map(([, fixture]) => fixture).join(", ")}`
  ).join("; ");
}

/** In the form that `deno fmt` gives it. */
function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map((_, index) =>
    Math.max(...[columns, ...rows].map((row) => row[index]?.length ?? 0))
  );
  const line = (cells: readonly string[], filling = " ") =>
    `| ${
      cells.map((cell, index) => cell.padEnd(widths[index] ?? 0, filling)).join(
        " | ",
      )
    } |`;
  const rule = line(columns.map(() => ""), "-");
  return [line(columns), rule, ...rows.map((row) => line(row))].join("\n");
}

function replaced(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before === -1 || after === -1) throw new Error(`the page has no ${name}`);
  const kept = page.slice(0, before + begin.length);
  return `${kept}\n\n${text}\n\n${page.slice(after)}`;
}
