// The explanation for people: a row for each server or tool, with the rule that decides and its line.

import { escapeInvisible } from "../../telemetry/loggable.ts";
import { wrapTo } from "../check/display_width.ts";
import { failureLines } from "../check/failure_lines.ts";
import { layOut } from "../check/lay_out.ts";
import type { Cell, Column, Page, Row } from "../check/lay_out.ts";
import type { Role } from "../palette.ts";
import type {
  Question,
  ServerExplanation,
  ToolVerdict,
  Verdict,
} from "./explanation.ts";
import { OFFER_NAMES } from "./restrictions.ts";
import { summary } from "./summary.ts";

const COLUMNS: readonly Column[] = [
  { title: "server", align: "left" },
  { title: "tool", align: "left" },
  { title: "verdict", align: "left" },
  { title: "line", align: "left" },
  { title: "rule", align: "left", overflow: "below" },
];

const ROLES: Readonly<Record<Verdict, Role>> = {
  allowed: "good",
  denied: "error",
  depends: "warning",
  absent: "dim",
};

const GAP = "  ";

/** What is explained, and where. */
export type Subject = Question & {
  /** The configuration, as the operator named it. */
  readonly file: string;
};

/** The table, and a last line that sums it up. */
export function explanationText(
  servers: readonly ServerExplanation[],
  subject: Subject,
  page: Page,
): string {
  const rows = servers.flatMap((server) => rowsOf(server, subject.file));
  const sum = escapeInvisible(summary(servers, subject));
  const last = wrapTo(sum, page.columns ?? Infinity);
  const lines = [...layOut(COLUMNS, rows, page), "", ...last];
  return lines.map((line) => `${line}\n`).join("");
}

function rowsOf(server: ServerExplanation, file: string): Row[] {
  const { name, entry, tools = [], failure } = server;
  if (tools.length > 0) return tools.map((tool) => toolRow(name, tool, file));
  const verdict = entry.allowed ? "allowed" : "denied";
  return [{
    cells: cellsOf([name, ""], { ...entry, verdict }, file),
    below: failure === undefined
      ? restrictionLines(server, file)
      : failureLines(failure),
  }];
}

function toolRow(server: string, tool: ToolVerdict, file: string): Row {
  return { cells: cellsOf([server, tool.name], tool, file), below: [] };
}

function cellsOf(
  names: readonly [string, string],
  { verdict, rule, line }: Omit<ToolVerdict, "name">,
  file: string,
): Cell[] {
  return [
    ...names.map((name) => ({ text: escapeInvisible(name) })),
    { text: verdict, role: ROLES[verdict] },
    { text: placeOf(file, line) },
    { text: escapeInvisible(rule) },
  ];
}

/** For each kind of offer the rules that restrict it, or that none does. */
function restrictionLines(
  { entry, restrictions, tools }: ServerExplanation,
  file: string,
): Row["below"] {
  if (!entry.allowed) return [];
  if (tools !== undefined) return [[{ text: "it has no tools", role: "dim" }]];
  const widest = Math.max(
    ...restrictions.map(({ line }) => placeOf(file, line).length),
  );
  return OFFER_NAMES.flatMap((name): Cell[][] => {
    const title = name.padEnd("resources".length) + GAP;
    const own = restrictions.filter(({ kind }) => kind === name);
    if (own.length === 0) {
      return [[{ text: title }, {
        text: "no rule restricts them",
        role: "dim",
      }]];
    }
    return own.map(({ rule, line }, at) => [
      { text: at === 0 ? title : " ".repeat(title.length) },
      { text: placeOf(file, line).padEnd(widest) + GAP },
      { text: escapeInvisible(rule) },
    ]);
  });
}

/** As compilers name a place, so that editors find it. */
function placeOf(file: string, line: number | undefined): string {
  return line === undefined ? "" : escapeInvisible(`${file}:${line}`);
}
