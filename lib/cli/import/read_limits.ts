// What a client lets a server do: how long it may take, and which of its tools are there.

import { durationText, MAX_DURATION_MS } from "../../config/duration.ts";
import type { Members } from "./client_file.ts";
import type { ServerDraft } from "./draft.ts";
import { LeftOut } from "./left_out.ts";

/** Keys that name the tools which stay, and those which go. */
const ALLOW_KEYS = ["includeTools", "enabled_tools"];
const DENY_KEYS = ["excludeTools", "disabled_tools", "disabledTools"];

const SECOND_MS = 1_000;

/** `timeouts` and `toolFilter` of an entry. */
export function readLimits(
  entry: Members,
): { draft: Pick<ServerDraft, "timeouts" | "toolFilter">; losses: string[] } {
  const { startup_timeout_sec: seconds, startup_timeout_ms: ms } = entry;
  const open = lengthOf(seconds, SECOND_MS) ?? lengthOf(ms, 1);
  const request = lengthOf(entry.timeout, 1) ??
    lengthOf(entry.tool_timeout_sec, SECOND_MS);
  const lengths = Object.entries({ open, request })
    .filter(([, length]) => length !== undefined);
  const kept = lengths.filter(([, length]) => isUsable(length));
  const toolFilter = readTools(entry);
  return {
    draft: {
      ...(kept.length > 0 && {
        timeouts: Object.fromEntries(
          kept.map(([key, length]) => [key, durationText(length as number)]),
        ),
      }),
      ...(toolFilter !== undefined && { toolFilter }),
    },
    losses: lengths.length === kept.length
      ? []
      : ["its time limit, which is not within 1ms to 24h"],
  };
}

function isUsable(ms: number | undefined): boolean {
  return ms !== undefined && ms >= 1 && ms <= MAX_DURATION_MS;
}

/** Milliseconds; undefined where nothing is said. */
function lengthOf(value: unknown, unitMs: number): number | undefined {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber ? Math.round(Number(value) * unitMs) : undefined;
}

function readTools(entry: Members): ServerDraft["toolFilter"] {
  const allowed = namesUnder(ALLOW_KEYS, entry);
  const denied = namesUnder(DENY_KEYS, entry) ?? [];
  if (allowed !== undefined) {
    const tools = allowed.filter((name) => !denied.includes(name));
    return { mode: "allow", tools };
  }
  return denied.length > 0 ? { mode: "deny", tools: denied } : undefined;
}

function namesUnder(
  keys: readonly string[],
  entry: Members,
): string[] | undefined {
  const key = keys.find((one) => entry[one] !== undefined);
  if (key === undefined) return undefined;
  const names = entry[key];
  const isList = Array.isArray(names) &&
    names.every((name) => typeof name === "string");
  if (isList) return names;
  // A filter that is not understood must not be lost.
  throw new LeftOut(`"${key}" is no list of tools`);
}
