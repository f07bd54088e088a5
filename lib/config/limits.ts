// `proxy.limits`: how much anyone may take up, each with its range and default.

import { DEFAULT_LIMITS } from "../limits.ts";
import type { Limits } from "../limits.ts";
import { MAX_DURATION_MS, parseDuration } from "./duration.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { LimitsDraft } from "./schema.ts";
import { parseSize, sizeText } from "./size.ts";
import { Text } from "./text.ts";

const LIMITS_PATH: Path = ["proxy", "limits"];

const KIB = 1024;
const MIB = 1024 * KIB;
const MAX_COUNT = 1_000_000;
/** What the runtimes take, and what can be read as one text. */
const MAX_HEADER_BYTES = 64 * KIB;
const MAX_MESSAGE_BYTES = 256 * MIB;
const MAX_BUFFER_BYTES = 1024 * MIB;

const EXAMPLE_BYTES = 32 * MIB;

type Key = keyof LimitsDraft;

interface Rule {
  /** The key in the file. */
  readonly key: Key;
  readonly member: keyof Limits;
  readonly unit: "count" | "size" | "time";
  readonly least: number;
  readonly most: number;
}

/** The table of limits, in the order of the documentation. */
export const LIMIT_RULES: readonly Rule[] = [
  count("sessions"),
  count("sessionsPerToken"),
  count("children"),
  count("childrenPerToken"),
  count("childrenPerServer"),
  count("requestsPerSession"),
  size("clientMessage", "clientMessageBytes", MAX_MESSAGE_BYTES),
  size("serverMessage", "serverMessageBytes", MAX_MESSAGE_BYTES),
  size("headers", "headerBytes", MAX_HEADER_BYTES),
  size("streamBuffer", "streamBytes", MAX_BUFFER_BYTES),
  size("sessionBuffer", "sessionBytes", MAX_BUFFER_BYTES),
  time("open", "openMs"),
  time("request", "requestMs"),
  time("requestMax", "requestMaxMs"),
  time("idle", "idleMs"),
];

/** Reads `proxy.limits`; what is not said, or wrong, has its default. */
export function readLimits(
  draft: LimitsDraft | undefined,
  report: Report,
): Limits {
  const limits: { -readonly [K in keyof Limits]: Limits[K] } = {
    ...DEFAULT_LIMITS,
  };
  for (const rule of LIMIT_RULES) {
    const value = readOne(draft?.[rule.key], rule, report);
    if (value !== undefined) limits[rule.member] = value;
  }
  if (limits.requestMaxMs >= limits.requestMs) return limits;
  // Of the two, the one that is not said gives way.
  if (draft?.request === undefined) limits.requestMs = limits.requestMaxMs;
  else if (draft.requestMax === undefined) {
    limits.requestMaxMs = limits.requestMs;
  } else {
    report.error(
      [...LIMITS_PATH, "requestMax"],
      'found less than "request", wanted at least that: it is the most that progress can extend it to',
    );
  }
  return limits;
}

function readOne(
  found: Text | number | undefined,
  rule: Rule,
  report: Report,
): number | undefined {
  if (found === undefined) return undefined;
  if (found instanceof Text && found.value === undefined) return undefined;
  const value = typeof found === "number"
    ? found
    : parse(found.value as string, rule.unit);
  if (
    value !== undefined && Number.isInteger(value) && value >= rule.least &&
    value <= rule.most
  ) return value;
  const shown = typeof found === "number" ? found : report.quote(found);
  report.error(
    [...LIMITS_PATH, rule.key],
    `found ${shown}, wanted ${wantedOf(rule)}`,
    { hint: hintFor(found, rule) },
  );
  return undefined;
}

function parse(text: string, unit: Rule["unit"]): number | undefined {
  return unit === "size" ? parseSize(text) : parseDuration(text);
}

function wantedOf({ unit, least, most }: Rule): string {
  switch (unit) {
    case "count":
      return `a whole number from ${least} to ${most}`;
    case "size":
      return `a size from ${sizeText(least)} to ${sizeText(most)} such as "${
        sizeText(Math.min(most, EXAMPLE_BYTES))
      }"`;
    case "time":
      return 'a duration of 1ms to 24h such as "500ms", "30s" or "5m"';
  }
}

/** `MB` and `kB` are powers of ten, and hardly ever meant. */
function hintFor(found: Text | number, { unit }: Rule): string | undefined {
  if (unit !== "size" || typeof found === "number") return undefined;
  return /\d\s*[kmg]i?b?$/i.test(found.value ?? "") &&
      !found.isReference
    ? "units are KiB, MiB and GiB, directly after the number"
    : undefined;
}

function count(key: Key & keyof Limits): Rule {
  return { key, member: key, unit: "count", least: 1, most: MAX_COUNT };
}

function size(key: Key, member: keyof Limits, most: number): Rule {
  return { key, member, unit: "size", least: KIB, most };
}

function time(key: Key, member: keyof Limits): Rule {
  return { key, member, unit: "time", least: 1, most: MAX_DURATION_MS };
}
