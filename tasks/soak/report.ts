// What a soak tells at its end.

import process from "node:process";
import type { Findings } from "./findings.ts";
import type { MemoryFigures } from "./gateway/memory_figures.ts";
import { memoryOf } from "./gateway/processes.ts";

/** What was measured. */
export interface Figures {
  /** How long the clients lived. */
  readonly seconds: number;
  readonly sessions: number;
  readonly sessionsLeft: number;
  /** Children that were left. */
  readonly leaked: number;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
  readonly memory: MemoryFigures;
  /** Processor time of the gateway. */
  readonly gatewaySeconds: number;
  /** Processors that all of it used. */
  readonly load: { readonly average: number; readonly most: number };
  /** How much longer pauses were than planned, at the end. */
  readonly stretch: number;
}

const MIB = 1024 * 1024;

/** The table. */
export function report(
  seed: string,
  { findings, figures }: {
    readonly findings: Findings;
    readonly figures?: Figures;
  },
): string {
  if (!figures) return "";
  const { memory, load } = figures;
  const injected = findings.group("injected ");
  const total = injected.reduce((sum, [, count]) => sum + count, 0);
  const rows: [string, string | number][] = [
    ["seconds", Math.round(figures.seconds)],
    ["seed", seed],
    ["sessions opened", figures.sessions],
    ["sessions left open", figures.sessionsLeft],
    ["exchanges", findings.counted("exchanges")],
    ["calls checked", findings.counted("calls checked")],
    ["questions answered", findings.counted("questions answered")],
    ["notifications heard", findings.counted("notifications heard")],
    ["wrong answers", findings.failuresOf("wrong answer")],
    ["lost answers", findings.failuresOf("lost answer", "late answer")],
    ["duplicated answers", findings.failuresOf("duplicated answer")],
    ["lost sessions", findings.failuresOf("lost session")],
    ["leaked children", figures.leaked],
    ["faults injected", total],
    ...injected.map(([name, count]): [string, number] => [`  ${name}`, count]),
    ["stalled", sum(findings, "stalled ")],
    [
      "sessions cut off for it",
      findings.counted("sessions cut off after a stall"),
    ],
    ["vanished in a call", findings.counted("vanished in a call")],
    ["cancelled", findings.counted("cancelled")],
    ["resumed", findings.counted("resumed")],
    ["came back", list(findings, "came back ")],
    ["states misused", list(findings, "state ")],
    ["subscriptions", findings.counted("subscriptions")],
    ["rubbish sent", sum(findings, "rubbish ")],
    ["intrusions tried", findings.counted("intrusions tried")],
    ["dead sessions tried", findings.counted("dead sessions tried")],
    ["faults told", list(findings, "fault ")],
    ["refusals", list(findings, "refused ")],
    ["longest stall", ms(findings, "stall")],
    ["longest opening", ms(findings, "opening")],
    ["longest crash to error", ms(findings, "crash to error")],
    ["longest recovery", ms(findings, "recovery")],
    ["longest return of the reaper", ms(findings, "reaper back")],
    ["shutdown", ms(findings, "shutdown")],
    [
      "last child after kill -9 of the gateway",
      ms(findings, "children after a sudden death"),
    ],
    ["file descriptors before", figures.descriptorsBefore],
    ["file descriptors after", figures.descriptorsAfter],
    ["memory at the start", mib(memory.first)],
    ["memory by quarter", memory.quarters.map(mib).join(", ")],
    ["last quarter ÷ second", memory.growth.toFixed(3)],
    ["memory peak", mib(memory.peak)],
    ["memory at the end", mib(memory.last)],
    ["memory of the soak itself", mib(memoryOf(process.pid))],
    ["processor time of the gateway", `${figures.gatewaySeconds.toFixed(1)} s`],
    [
      "processors used by all",
      `${load.average.toFixed(2)}, at most ${load.most.toFixed(2)}`,
    ],
    ["pauses", `× ${figures.stretch.toFixed(2)}`],
    ["warnings in the log", list(findings, "warning ")],
    ["log lines", findings.counted("log lines")],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`)
    .join("");
}

function sum(findings: Findings, beginning: string): number {
  return findings.group(beginning).reduce((all, [, count]) => all + count, 0);
}

function list(findings: Findings, beginning: string): string {
  const all = findings.group(beginning);
  return all.map(([name, count]) => `${name}: ${count}`).join(", ") || "none";
}

function ms(findings: Findings, name: string): string {
  return `${Math.round(findings.longest(name))} ms`;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
