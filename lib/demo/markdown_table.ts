// Rows as a table that a person and a model can both read.

import type { Cell } from "./cell.ts";

/** Wider columns are not padded. */
const MAX_PADDING = 40;

/** A Markdown table whose columns stand under each other; numbers are on the right. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const texts = [columns, ...rows].map((row) => row.map(cellText));
  const widths = columns.map((_, index) => widthOf(index, texts));
  const isNumeric = columns.map((_, index) => hasNumbersOnly(index, rows));
  const rule = widths.map((width, index) =>
    isNumeric[index] ? "-".repeat(width - 1) + ":" : "-".repeat(width)
  );
  const [head = [], ...body] = texts.map((row) =>
    row.map((text, index) => {
      const width = widths[index] as number;
      return isNumeric[index] ? text.padStart(width) : text.padEnd(width);
    })
  );
  return [head, rule, ...body].map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

/** On one line, without what Markdown or a terminal would take for its own. */
function cellText(cell: Cell): string {
  if (cell === null) return "NULL";
  return String(cell).replaceAll("|", "\\|").replace(
    /\p{Cc}/gu,
    (character) => JSON.stringify(character).slice(1, -1),
  );
}

function widthOf(column: number, texts: readonly string[][]): number {
  const lengths = texts.map((row) => (row[column] as string).length)
    .filter((length) => length <= MAX_PADDING);
  return Math.max(3, ...lengths);
}

function hasNumbersOnly(
  column: number,
  rows: readonly (readonly Cell[])[],
): boolean {
  const cells = rows.map((row) => row[column]).filter((cell) => cell !== null);
  return cells.length > 0 && cells.every((cell) => typeof cell === "number");
}
