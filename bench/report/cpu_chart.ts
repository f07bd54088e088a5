// The chart of the page: CPU per call of everyone, to the floor's, for each pair of transports.

import { chartSvg } from "./chart.ts";
import type { Group } from "./chart.ts";
import type { Cell, Table } from "./table.ts";

const ANSWER = "32 B";
const SESSIONS = "32";
const NOT_SHOWN: readonly Cell[] = ["direct", "floor"];

/** From the table of the matrix. */
export function cpuChart({ columns, rows }: Table): string {
  const at = (row: readonly Cell[], column: string) =>
    row[columns.indexOf(column)] ?? null;
  const shownRows = rows.filter((row) =>
    at(row, "answer") === ANSWER && at(row, "sessions") === SESSIONS &&
    !NOT_SHOWN.includes(at(row, "participant"))
  );
  const byPair = Map.groupBy(shownRows, (row) => String(at(row, "pair")));
  const groups = [...byPair].map(([title, group]): Group => ({
    title,
    bars: group.map((row) => ({
      name: String(at(row, "participant")),
      value: at(row, "CPU ×") ?? String(at(row, "calls/s")),
    })),
  }));
  const title =
    `CPU per call, ${ANSWER}, ${SESSIONS} sessions; the dashed line is the floor, less is better`;
  return chartSvg({ title, groups, unit: "×" }, "mcp-front");
}
