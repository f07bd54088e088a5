// The report for people: a table, with what went wrong below the row it belongs to.

import { wrapTo } from "./display_width.ts";
import { duration } from "./duration.ts";
import { failureLines } from "./failure_lines.ts";
import { layOut } from "./lay_out.ts";
import type { Cell, Column, Page, Row } from "./lay_out.ts";
import type { ServerReport } from "./server_report.ts";

const COLUMNS: readonly Column[] = [
  { title: "server", align: "left" },
  { title: "token", align: "left" },
  { title: "status", align: "left" },
  { title: "transport", align: "left" },
  { title: "revision", align: "left" },
  { title: "tools", align: "right" },
  { title: "prompts", align: "right" },
  { title: "resources", align: "right" },
  { title: "implementation", align: "left" },
];

/** What stands where a server does not announce that it has any. */
const NONE = "-";

/** The table, and a last line that sums it up. */
export function table(reports: readonly ServerReport[], page: Page): string {
  const tokens = new Set(reports.map(({ token }) => token));
  const [token] = tokens;
  // The same on every row says nothing: it is said once, at the end.
  const only = tokens.size === 1 ? token : undefined;
  const rows = reports.map((report) => rowOf(report, only));
  const sum = summary(reports) + (only === undefined ? "" : `, as "${only}"`);
  const last = wrapTo(sum, page.columns ?? Infinity);
  const lines = [...layOut(COLUMNS, rows, page), "", ...last];
  return lines.map((line) => `${line}\n`).join("");
}

function rowOf(report: ServerReport, onlyToken: string | undefined): Row {
  const { name, token = NONE, transport } = report;
  const greeting = greetingOf(report);
  const { revision = "" } = greeting ?? {};
  const said = [greeting?.name, greeting?.version].filter(Boolean).join(" ");
  const texts = [transport, revision, ...countsOf(report), said];
  return {
    cells: [
      { text: name },
      { text: token === onlyToken ? "" : token },
      statusOf(report),
      ...texts.map((text): Cell => ({ text })),
    ],
    below: belowOf(report),
  };
}

function greetingOf(report: ServerReport) {
  return report.status === "not_allowed" ? undefined : report.greeting;
}

function statusOf(report: ServerReport): Cell {
  switch (report.status) {
    case "ready": {
      const text = `ready ${duration(report.greeting.connectMs)}`;
      return { text, role: "good" };
    }
    case "failed":
      return { text: "failed", role: "error" };
    case "not_allowed":
      return { text: "not allowed", role: "dim" };
  }
}

function countsOf(report: ServerReport): string[] {
  if (report.status !== "ready") return ["", "", ""];
  const { tools, prompts, resources } = report.offers;
  return [tools, prompts, resources].map((count) => String(count ?? NONE));
}

function belowOf(report: ServerReport): Row["below"] {
  switch (report.status) {
    case "ready":
      return [];
    case "failed":
      return failureLines(report.failure);
    case "not_allowed":
      return [[{ text: report.rule, role: "dim" }]];
  }
}

/** Such as `3 of 4 servers are ready, 1 is not allowed`. */
function summary(reports: readonly ServerReport[]): string {
  const ready = counted(reports, "ready");
  const failed = counted(reports, "failed");
  const notAllowed = counted(reports, "not_allowed");
  const all = ready + failed;
  const servers = all === 1 ? "server" : "servers";
  const verb = all === 1 ? "is" : isOrAre(ready);
  const verdict = `${ready} of ${all} ${servers} ${verb} ready`;
  if (notAllowed === 0) return verdict;
  return `${verdict}, ${notAllowed} ${isOrAre(notAllowed)} not allowed`;
}

function counted(
  reports: readonly ServerReport[],
  status: ServerReport["status"],
): number {
  return reports.filter((report) => report.status === status).length;
}

function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}
