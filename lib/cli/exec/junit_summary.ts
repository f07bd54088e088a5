// The summary as JUnit XML, for what shows test results: a suite for each server, a case for each tool.

import { durationOf } from "./summary.ts";
import type { Summary } from "./summary.ts";
import type { Figures, ServerFigures } from "./tally.ts";

/** A test suite; its seconds are the sum of those of its cases. */
interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly ms: number;
  /** What went wrong, and which kind of failure that is. */
  readonly failure?: { readonly type: string; readonly message: string };
}

/** A document in which the command itself comes first, as a suite with one case. */
export function junitSummary(summary: Summary): string {
  const suites = [commandSuite(summary), ...summary.servers.map(serverSuite)];
  const root = {
    name: "mcp-front exec",
    ...counts(suites.flatMap(({ cases }) => cases)),
    time: seconds(durationOf(summary)),
    timestamp: localTime(summary.started),
  };
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(root)}>`,
    ...suites.flatMap((suite) => suiteLines(suite, root.timestamp)),
    "</testsuites>",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function commandSuite(summary: Summary): Suite {
  const { exitCode } = summary;
  const message = `the command ended with exit code ${exitCode}`;
  const failure = exitCode === 0 ? undefined : { type: "exit_code", message };
  const cases = [{ name: "command", ms: durationOf(summary), failure }];
  return { name: "command", cases };
}

function serverSuite({ name, turnedAway, tools }: ServerFigures): Suite {
  const cases = [...tools].map(([tool, figures]) => ({
    name: tool,
    ms: figures.totalMs,
    failure: failureOf(figures),
  }));
  if (turnedAway === 0) return { name, cases };
  const message = "requests that were refused, as the command may not use " +
    `this server: ${turnedAway}`;
  const failure = { type: "refused", message };
  return { name, cases: [{ name: "(server)", ms: 0, failure }, ...cases] };
}

/** That a call was cancelled, or left behind, is what the command wanted. */
function failureOf({ calls, failures, refusals }: Figures): Case["failure"] {
  const parts = [
    ...(failures > 0 ? [`${failures} of ${calls} calls failed`] : []),
    ...(refusals > 0
      ? [`${refusals} of ${calls} calls were refused by a rule`]
      : []),
  ];
  if (parts.length === 0) return undefined;
  const type = failures > 0 ? "failed" : "refused";
  return { type, message: parts.join(", ") };
}

function suiteLines({ name, cases }: Suite, timestamp: string): string[] {
  const ms = cases.reduce((sum, one) => sum + one.ms, 0);
  const suite = { name, ...counts(cases), time: seconds(ms), timestamp };
  return [
    `  <testsuite${attributes(suite)}>`,
    ...cases.flatMap((one) => caseLines(one, name)),
    "  </testsuite>",
  ];
}

function caseLines({ name, ms, failure }: Case, classname: string): string[] {
  const start = attributes({ classname, name, time: seconds(ms) });
  if (!failure) return [`    <testcase${start}/>`];
  return [
    `    <testcase${start}>`,
    `      <failure${attributes(failure)}/>`,
    "    </testcase>",
  ];
}

function counts(cases: readonly Case[]) {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return { tests: cases.length, failures, errors: 0, skipped: 0 };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
}

/** As a value between double quotes (XML 1.0 § 2.2, § 2.4, § 3.3.3). A tool may be called anything. */
function escaped(text: string): string {
  return text
    .replaceAll(
      /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
      "\ufffd",
    )
    .replaceAll(/[<>&"'\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** In UTC, and without a zone, which the schemas of this format do not have. */
function localTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "");
}
