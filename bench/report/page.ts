// The part of the page that a run writes: budgets, tables and conditions, between two markers.

import { verdictsOn } from "../budgets.ts";
import type { SectionName } from "../options.ts";
import { pivoted } from "./pivot.ts";
import type { KeptSection, Results } from "./results.ts";
import { markdownTable } from "./table.ts";
import type { Table } from "./table.ts";
import { verdictTable } from "./verdict_table.ts";

const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

const TITLES: Readonly<Record<SectionName, string>> = {
  matrix: "Calls",
  progress: "Progress",
  churn: "Sessions opened and closed",
  idle: "Idle sessions",
  start: "Start and size",
  slopes: "Slopes",
  logging: "Logging",
  large: "Large answers",
  root: "The root",
  era: "Both eras",
};

/** The page with its figures in the place of those before. */
export function pageWith(page: string, results: Results): string {
  const [before, rest] = split(page, BEGIN);
  const [, after] = split(rest, END);
  return `${before}${BEGIN}\n\n${figuresOf(results)}\n${END}${after}`;
}

function split(text: string, marker: string): [string, string] {
  const at = text.indexOf(marker);
  if (at === -1) throw new Error(`the page has no ${marker}`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}

function figuresOf({ conditions, sections }: Results): string {
  const verdicts = verdictsOn(sections.flatMap((one) => one.measures));
  const rows = Object.entries(conditions);
  const made: Table = { title: "Conditions", columns: ["what", "which"], rows };
  return [
    "## Budgets\n",
    markdownTable(verdictTable(verdicts)),
    ...sections.flatMap(partsOf),
    "## Conditions\n",
    markdownTable(made),
  ].join("\n");
}

function partsOf({ name, date, run, tables }: KeptSection): string[] {
  return [
    `## ${TITLES[name]}\n`,
    `${date}, ${run}.\n`,
    ...tables.flatMap(name === "matrix" ? pivots : one).flatMap((table) => [
      `${table.title}:\n`,
      markdownTable(table),
    ]),
  ];
}

const one = (table: Table) => [table];

function pivots(table: Table): Table[] {
  const by = ["pair", "answer", "sessions"];
  return [
    pivoted(table, {
      title: "CPU microseconds a call, and how many times the floor's",
      by,
      show: ["CPU µs", "CPU ×"],
    }),
    pivoted(table, {
      title: "Calls a second, and how many times the floor's",
      by,
      show: ["calls/s", "calls ×"],
    }),
    pivoted(table, {
      title: "Milliseconds a call takes, p50 and p99",
      by,
      show: ["p50 ms", "p99 ms"],
    }),
  ];
}
