// The report for programs.

import type { Offers, ServerReport } from "./server_report.ts";

/** The report as indented JSON; what is not known is `null`. */
export function jsonReport(
  config: string,
  reports: readonly ServerReport[],
): string {
  const count = (status: ServerReport["status"]) =>
    reports.filter((report) => report.status === status).length;
  const whole = {
    config,
    ready: count("ready"),
    failed: count("failed"),
    not_allowed: count("not_allowed"),
    servers: reports.map(serverOf),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function serverOf(report: ServerReport) {
  const { name, token = null, status, transport } = report;
  const greeting = "greeting" in report ? report.greeting : undefined;
  const offers: Offers = "offers" in report ? report.offers : {};
  return {
    name,
    token,
    status,
    transport,
    revision: greeting?.revision ?? null,
    server: greeting
      ? { name: greeting.name ?? null, version: greeting.version ?? null }
      : null,
    tools: offers.tools ?? null,
    prompts: offers.prompts ?? null,
    resources: offers.resources ?? null,
    resource_templates: offers.resourceTemplates ?? null,
    connect_ms: greeting?.connectMs ?? null,
    error: errorOf(report),
    rule: report.status === "not_allowed" ? report.rule : null,
  };
}

function errorOf(report: ServerReport) {
  if (report.status !== "failed") return null;
  const { fault, message, lastWords, hint = null } = report.failure;
  return { fault, message, last_words: lastWords, hint };
}
