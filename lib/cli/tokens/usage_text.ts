// The report for people: a table, and what to know of it.

import { hasExpired } from "../../auth/token.ts";
import { momentText } from "../../moment.ts";
import { escapeInvisible } from "../../telemetry/loggable.ts";
import { wrapTo } from "../check/display_width.ts";
import { layOut } from "../check/lay_out.ts";
import type { Cell, Column, Page, Row } from "../check/lay_out.ts";
import { isCaller } from "./log_reading.ts";
import type { TokenUse } from "./log_reading.ts";
import { requestsIn, spanOf } from "./told_usage.ts";
import type { ToldUsage } from "./told_usage.ts";

const COLUMNS: readonly Column[] = [
  { title: "token", align: "left" },
  { title: "last used", align: "left" },
  { title: "first seen", align: "left" },
  { title: "requests", align: "right" },
  { title: "valid", align: "left" },
  { title: "servers", align: "left", overflow: "below" },
];

/** The table, and the lines below it. */
export function usageText(usage: ToldUsage, page: Page): string {
  const { columns: width = Infinity } = page;
  const table = layOut(COLUMNS, usage.tokens.map(rowOf), page);
  const notes = notesOn(usage).flatMap((note) => wrapTo(note, width));
  return [...table, "", ...notes].map((line) => `${line}\n`).join("");
}

function rowOf(use: TokenUse): Row {
  const { name, first, last, requests, servers } = use;
  const used: Cell = last
    ? { text: secondsOf(last) }
    : { text: "never", role: "dim" };
  return {
    cells: [
      { text: escapeInvisible(name) },
      used,
      { text: first ? secondsOf(first) : "" },
      { text: String(requests) },
      validityOf(use),
      { text: escapeInvisible(servers.join(", ")) },
    ],
    below: [],
  };
}

function validityOf(use: TokenUse): Cell {
  const { inFile, expires } = use;
  if (isCaller(use)) return { text: "by OAuth", role: "dim" };
  if (!inFile) return { text: "not in the file", role: "warning" };
  if (expires === undefined) return { text: "without end" };
  return hasExpired({ expires })
    ? { text: `until ${momentText(expires)}, over`, role: "warning" }
    : { text: `until ${momentText(expires)}` };
}

function notesOn(usage: ToldUsage): string[] {
  const { lines, skipped, untold } = usage;
  const span = spanOf(usage);
  const sum = span
    ? `${requestsIn(usage)} requests from ${secondsOf(span.first)} to ` +
      `${secondsOf(span.last)}, in ${lines} lines`
    : `no request in ${lines} lines; they are logged with LOG_LEVEL=info, which is the default`;
  return [
    sum,
    ...(usage.tokens.some(({ inFile }) => inFile)
      ? []
      : ["the file has no static token"]),
    ...(skipped === 0 ? [] : [
      skipped === 1
        ? "1 line was skipped: it is no JSON"
        : `${skipped} lines were skipped: they are no JSON`,
    ]),
    ...(untold === 0 ? [] : [
      `${untold} requests of further names are not shown`,
    ]),
  ];
}

function secondsOf(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}
