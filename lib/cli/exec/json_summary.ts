// The summary as JSON.

import { VERSION } from "../../version.ts";
import { durationOf } from "./summary.ts";
import type { Summary } from "./summary.ts";
import { sumOf } from "./tally.ts";
import type { Figures, ServerFigures } from "./tally.ts";

/** One object, indented; times are in UTC, durations in milliseconds. */
export function jsonSummary(summary: Summary): string {
  const { token, started, ended, exitCode, servers } = summary;
  const all = servers.flatMap(({ tools }) => [...tools.values()]);
  const whole = {
    version: VERSION,
    token,
    started: started.toISOString(),
    ended: ended.toISOString(),
    duration_ms: durationOf(summary),
    exit_code: exitCode,
    ...members(sumOf(all)),
    servers: servers.map(serverOf),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function serverOf({ name, turnedAway, tools }: ServerFigures) {
  return {
    name,
    requests_refused: turnedAway,
    ...members(sumOf([...tools.values()])),
    tools: [...tools].map(([tool, figures]) => ({
      name: tool,
      ...members(figures),
    })),
  };
}

function members(figures: Figures) {
  const { calls, failures, refusals, unanswered, totalMs, maxMs } = figures;
  return {
    calls,
    failures,
    refusals,
    unanswered,
    total_ms: Math.round(totalMs),
    max_ms: Math.round(maxMs),
  };
}
