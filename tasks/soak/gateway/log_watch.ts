// Reads the gateway's log as it is written: counts, and finds what must not be there.

import type { Findings } from "../findings.ts";
import type { Secrets } from "../secrets.ts";

const COUNTED = [
  "Session opened",
  "Session closed",
  "Backend started",
  "Backend exited",
];
const FAILURES = ["Crashed", "Session failed", "Log lines dropped"];
const SHOWN = 600;

/** Looks at each line once. */
export class LogWatch {
  readonly #findings: Findings;
  readonly #secrets: Secrets;
  readonly #counts = new Map<string, number>();

  constructor(findings: Findings, secrets: Secrets) {
    this.#findings = findings;
    this.#secrets = secrets;
  }

  /** How many lines there were with this text. */
  counted(msg: string): number {
    return this.#counts.get(msg) ?? 0;
  }

  /** Takes a line; returns what it says, if it is one of the log. */
  take(line: string): { level?: string; msg?: string; url?: string } {
    this.#findings.count("log lines");
    const secret = this.#secrets.in(line);
    // The line itself must not be shown.
    if (secret) this.#findings.fail("log", `a line of the log shows ${secret}`);
    if (!line.startsWith("{")) {
      this.#findings.fail("log", `not a line of the log: ${short(line)}`);
      return {};
    }
    const { level, msg, url } = JSON.parse(line);
    if (COUNTED.includes(msg)) this.#counts.set(msg, this.counted(msg) + 1);
    if (level === "WARN") this.#findings.count(`warning ${msg}`);
    if (level === "ERROR" || FAILURES.includes(msg)) {
      this.#findings.fail("log", short(line));
    }
    return { level, msg, url };
  }
}

function short(line: string): string {
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
