// Tables: of numbers and words, shown on a terminal or in Markdown.

/** What stands in a cell; `null` for what has no figure. */
export type Cell = string | number | null;

/** Rows under columns. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const UNKNOWN = "–";
const LARGE = 100;
const MEDIUM = 10;

/** A cell as it is shown: the digits that count, no more. */
export function shown(cell: Cell): string {
  if (cell === null) return UNKNOWN;
  if (typeof cell === "string") return cell;
  if (!Number.isFinite(cell)) return UNKNOWN;
  const size = Math.abs(cell);
  if (size >= LARGE) return Math.round(cell).toLocaleString("en-US");
  if (Number.isInteger(cell)) return String(cell);
  return cell.toFixed(size >= MEDIUM ? 1 : 2);
}

const isNumeric = (text: string) => /^[-–\d]|^$/.test(text);

interface Laid {
  readonly lines: readonly (readonly string[])[];
  readonly widths: readonly number[];
  readonly isRight: readonly boolean[];
}

function lay({ columns, rows }: Table): Laid {
  const body = rows.map((row) => row.map(shown));
  const lines = [columns, ...body];
  const widthOf = (index: number) =>
    Math.max(...lines.map((line) => line[index]?.length ?? 0));
  // Words among the numbers are why there is no number.
  const isRight = columns.map((_, index) =>
    body.filter((row) => !isNumeric(row[index] ?? "")).length <
      body.length / 2
  );
  return { lines, widths: columns.map((_, index) => widthOf(index)), isRight };
}

function pad({ widths, isRight }: Laid, line: readonly string[]): string[] {
  return widths.map((width, index) => {
    const text = line[index] ?? "";
    return isRight[index] ? text.padStart(width) : text.padEnd(width);
  });
}

/** For a terminal. */
export function plainTable(table: Table): string {
  const laid = lay(table);
  const lines = laid.lines.map((line) => pad(laid, line).join("  ").trimEnd());
  return `${table.title}\n\n${lines.join("\n")}\n`;
}

const LEAST_RULE = 3;

/** For a page, laid out as the formatter does it. */
export function markdownTable(table: Table): string {
  const { lines, widths, isRight } = lay(table);
  const laid = {
    lines,
    widths: widths.map((width) => Math.max(width, LEAST_RULE)),
    isRight,
  };
  const rule = laid.widths.map((width, index) =>
    isRight[index] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)
  );
  const [head = [], ...body] = lines.map((line) => pad(laid, line));
  return [head, rule, ...body].map((line) => `| ${line.join(" | ")} |\n`).join(
    "",
  );
}
