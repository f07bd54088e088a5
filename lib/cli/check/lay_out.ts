// Rows of cells as lines of text: aligned, coloured, and within the width of a terminal.

import type { Palette, Role } from "../palette.ts";
import { cutTo, displayWidth, wrapTo } from "./display_width.ts";

/** A piece of text with its meaning. */
export interface Cell {
  readonly text: string;
  readonly role?: Role;
}

/** One row. */
export interface Row {
  /** One for each column. */
  readonly cells: readonly Cell[];
  /** Lines that stand below it, indented; each is one or two cells. */
  readonly below: readonly (readonly Cell[])[];
}

/** One column. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** What becomes of the last column where it has too little room; by default it is cut first. */
  readonly overflow?: "below";
}

/** For whom the lines are. */
export interface Page {
  /** The width of the terminal; absent: nothing is cut or wrapped. */
  readonly columns?: number;
  readonly palette: Palette;
}

/** The least that is left of the last column where it is cut. */
const MIN_LAST_WIDTH = 16;
const GAP = "  ";
const INDENT = "  ";

/**
 * The lines of a table with its titles; a column with nothing below its title is left
 * out. Where the terminal is too narrow the last column is cut, then moves below its
 * row, and at last every row becomes a list, so that nothing is lost.
 */
export function layOut(
  columns: readonly Column[],
  rows: readonly Row[],
  page: Page,
): string[] {
  const used = columns.map((_, at) =>
    rows.some(({ cells }) => cells[at]?.text !== "")
  );
  const kept = <T>(all: readonly T[]) => all.filter((_, at) => used[at]);
  const narrowed = rows.map(({ cells, below }) => ({
    cells: kept(cells),
    below,
  }));
  return fitted(kept(columns), narrowed, page);
}

function fitted(
  columns: readonly Column[],
  rows: readonly Row[],
  page: Page,
): string[] {
  const { columns: room = Infinity } = page;
  const widths = columns.map(({ title }, at) =>
    Math.max(
      title.length,
      ...rows.map(({ cells }) => displayWidth(cells[at]?.text ?? "")),
    )
  );
  const last = widths.length - 1;
  const left = Math.min(
    widths[last] as number,
    room - total(widths.with(last, 0)),
  );
  const least = columns[last]?.overflow === "below" ? Infinity : MIN_LAST_WIDTH;
  if (left >= Math.min(widths[last] as number, least)) {
    return tableLines(columns, rows, widths.with(last, left), page);
  }
  if (total(widths.slice(0, last)) <= room) {
    const moved = rows.map(lastBelow);
    return tableLines(columns.slice(0, last), moved, widths, page);
  }
  return rows.flatMap((row) => listLines(row, columns, page));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

/** The row with its last cell below it. */
function lastBelow({ cells, below }: Row): Row {
  const last = cells.at(-1) as Cell;
  const moved = last.text === "" ? [] : [[last]];
  return { cells: cells.slice(0, -1), below: [...moved, ...below] };
}

function tableLines(
  columns: readonly Column[],
  rows: readonly Row[],
  widths: readonly number[],
  page: Page,
): string[] {
  const titles = columns.map(({ title }): Cell => ({
    text: title,
    role: "strong",
  }));
  return [{ cells: titles, below: [] }, ...rows].flatMap((row) => [
    rowLine(row.cells, columns, widths, page),
    ...row.below.flatMap((parts) => belowLines(parts, page)),
  ]);
}

/** The first cell, and below it the others with their titles. */
function listLines(
  { cells, below }: Row,
  columns: readonly Column[],
  page: Page,
): string[] {
  const [first, ...others] = cells as readonly [Cell, ...Cell[]];
  const titled = others.flatMap(({ text }, at) =>
    text === "" ? [] : [`${columns[at + 1]?.title} ${text}`]
  );
  return [
    ...wrapTo(first.text, page.columns ?? Infinity),
    ...[[{ text: titled.join(", ") }], ...below].flatMap((parts) =>
      belowLines(parts, page)
    ),
  ];
}

function rowLine(
  cells: readonly Cell[],
  columns: readonly Column[],
  widths: readonly number[],
  { palette }: Page,
): string {
  const end = cells.findLastIndex(({ text }) => text !== "");
  return cells.slice(0, end + 1).map(({ text, role }, at) => {
    const width = widths[at] as number;
    const shown = cutTo(text, width);
    const space = " ".repeat(width - displayWidth(shown));
    const coloured = role && shown !== "" ? palette(role, shown) : shown;
    if (columns[at]?.align === "right") return space + coloured;
    return at === end ? coloured : coloured + space;
  }).join(GAP);
}

/** All cells but the last are on the first line only. */
function belowLines(
  parts: readonly Cell[],
  { columns = Infinity, palette }: Page,
): string[] {
  const last = parts.at(-1) as Cell;
  const before = parts.slice(0, -1);
  const paint = ({ text, role }: Cell) => role ? palette(role, text) : text;
  const width = before.reduce((sum, one) => sum + displayWidth(one.text), 0);
  const room = Math.max(1, columns - INDENT.length - width);
  return wrapTo(last.text, room).map((text, at) => {
    const start = at === 0 ? before.map(paint).join("") : " ".repeat(width);
    return INDENT + start + paint({ ...last, text });
  });
}
