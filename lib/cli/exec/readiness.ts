// What is told of servers before the command starts: those that are not ready, and rules of `-only` that fit nothing.

import type { Client } from "../../../deps.ts";
import type { Narrowing } from "../../../mod.ts";
import { matcherOf } from "../../auth/pattern.ts";
import { duration } from "../check/duration.ts";
import { failureLines } from "../check/failure_lines.ts";
import { layOut } from "../check/lay_out.ts";
import type { Column, Page, Row } from "../check/lay_out.ts";
import { listAll } from "../check/list_all.ts";
import type { Asking } from "../check/list_all.ts";
import type { ServerReport } from "../check/server_report.ts";

/** The names of a server's tools that the command may use. */
export type ToolNames = readonly string[];

const COLUMNS: readonly Column[] = [
  { title: "server", align: "left" },
  { title: "status", align: "left" },
  { title: "transport", align: "left" },
];

/** Asks a server for its tools, as all clients do. Throws what `listAll` throws. */
export async function toolNamesOf(
  client: Client,
  asking: Asking,
): Promise<ToolNames> {
  const tools = await listAll(client, "tools", asking) ?? [];
  return tools.map((tool) => String((tool as { name?: unknown }).name));
}

/** A table of the servers that were to be ready, with why some are not. */
export function readinessTable(
  reports: readonly ServerReport<ToolNames>[],
  page: Page,
): string {
  const rows = reports.flatMap((report): Row[] => {
    const { name, transport } = report;
    const rest = { text: transport };
    switch (report.status) {
      case "not_allowed":
        return [];
      case "ready": {
        const text = `ready ${duration(report.greeting.connectMs)}`;
        const status = { text, role: "good" as const };
        return [{ cells: [{ text: name }, status, rest], below: [] }];
      }
      case "failed": {
        const status = { text: "failed", role: "error" as const };
        const below = failureLines(report.failure);
        return [{ cells: [{ text: name }, status, rest], below }];
      }
    }
  });
  return layOut(COLUMNS, rows, page).map((line) => `${line}\n`).join("");
}

/** The patterns of `-only` that fit no tool which the command may use, as they are typed. */
export function unfitting(
  reports: readonly ServerReport<ToolNames>[],
  only: Narrowing | undefined,
): string[] {
  return reports.flatMap((report) => {
    const tools = only?.servers.get(report.name);
    if (report.status !== "ready" || !tools || tools === "all") return [];
    return tools.patterns.map(({ text }) => text)
      .filter((text) => !report.offers.some(matcherOf(text)))
      .map((text) => `${report.name}/${text}`);
  });
}
