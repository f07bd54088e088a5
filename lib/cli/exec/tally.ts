// Counts what was called, tool by tool: names and numbers, nothing of what was said.

import type { CallObserver } from "../../../mod.ts";
import { EVENTS } from "../../telemetry/events.ts";
import type { LogFields } from "../../telemetry/log.ts";

/** Of one tool, or of several. */
export interface Figures {
  /** All, however they ended. */
  readonly calls: number;
  /** Those with an error, or a result that says it is one. */
  readonly failures: number;
  /** Those that a rule did not let through. */
  readonly refusals: number;
  /** Those that were cancelled, or whose session ended before they were answered. */
  readonly unanswered: number;
  /** From call to end, in milliseconds: of all together, and of the longest. */
  readonly totalMs: number;
  readonly maxMs: number;
}

/** Of one server. */
export interface ServerFigures {
  readonly name: string;
  /** Requests that were refused as the server may not be used. */
  readonly turnedAway: number;
  /** By the names by which they were called, in the order of their first calls. */
  readonly tools: ReadonlyMap<string, Figures>;
}

/** How many names are told apart for each server: a client may call what it likes. */
export const MAX_TOOLS = 1_000;

/** The calls of all further names. */
export const OTHER_TOOLS = "(others)";

const NONE: Figures = {
  calls: 0,
  failures: 0,
  refusals: 0,
  unanswered: 0,
  totalMs: 0,
  maxMs: 0,
};

/** The counts of one run. */
export class Tally {
  readonly #servers: ReadonlyMap<
    string,
    { turnedAway: number; readonly tools: Map<string, Figures> }
  >;

  /** @param servers the names of all there are */
  constructor(servers: readonly string[]) {
    this.#servers = new Map(
      servers.map((name) => [name, { turnedAway: 0, tools: new Map() }]),
    );
  }

  /** Counts a call that is over. */
  readonly called: CallObserver = ({ server, tool, end, durationMs }) => {
    const tools = this.#servers.get(server)?.tools;
    if (!tools) return;
    const name = tools.has(tool) || tools.size < MAX_TOOLS ? tool : OTHER_TOOLS;
    const one = {
      calls: 1,
      failures: end === "failed" ? 1 : 0,
      refusals: end === "refused" ? 1 : 0,
      unanswered: end === "unanswered" ? 1 : 0,
      totalMs: durationMs,
      maxMs: durationMs,
    };
    tools.set(name, sumOf([tools.get(name) ?? NONE, one]));
  };

  /** Counts a line of the log that tells of a request to a server that may not be used. */
  readonly logged = (msg: string, fields: LogFields): void => {
    const { token_name, server, fault } = fields;
    if (msg !== EVENTS.requestRefused || fault !== "invalid_token") return;
    const refused = this.#servers.get(String(server));
    if (token_name !== undefined && refused) refused.turnedAway++;
  };

  /** What was counted so far, in the order of the file. */
  get servers(): ServerFigures[] {
    return [...this.#servers].map(([name, figures]) => ({ name, ...figures }));
  }
}

/** All together. */
export function sumOf(figures: readonly Figures[]): Figures {
  return figures.reduce((sum, one) => ({
    calls: sum.calls + one.calls,
    failures: sum.failures + one.failures,
    refusals: sum.refusals + one.refusals,
    unanswered: sum.unanswered + one.unanswered,
    totalMs: sum.totalMs + one.totalMs,
    maxMs: Math.max(sum.maxMs, one.maxMs),
  }), NONE);
}
