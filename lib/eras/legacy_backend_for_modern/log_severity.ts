// The levels of log messages, by which clients say how much they want to hear.

/** From the least to the most severe (2025-11-25 and 2026-07-28 `server/utilities/logging` § Log Levels). */
const SEVERITIES = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;

/** One level. */
export type Severity = (typeof SEVERITIES)[number];

/** Whether a value is a level. */
export function isSeverity(value: unknown): value is Severity {
  return SEVERITIES.includes(value as Severity);
}

/** Whether a message of level `of` is for who asked for `from` and above. */
export function isAtLeast(of: Severity, from: Severity): boolean {
  return SEVERITIES.indexOf(of) >= SEVERITIES.indexOf(from);
}

/** The level at which everyone hears what they asked for; nothing where nobody did. */
export function leastOf(levels: Iterable<Severity>): Severity | undefined {
  const all = new Set(levels);
  return SEVERITIES.find((one) => all.has(one));
}
