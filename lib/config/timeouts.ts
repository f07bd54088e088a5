// How long a server may take: `timeouts`, and the pasted `timeout` in milliseconds.

import type { Timeouts } from "../backends/open.ts";
import { MAX_DURATION_MS, parseDuration } from "./duration.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { Text } from "./text.ts";

/** What a server gets that says nothing. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  openMs: 30_000,
  requestMs: 300_000,
};

/** Below this a pasted `timeout` was probably meant in seconds. */
const LIKELY_SECONDS_MS = 1_000;

/** The timeouts of the server at `path`. */
export function readTimeouts(
  draft: ServerDraft,
  path: Path,
  report: Report,
): Timeouts {
  const { open, request } = draft.timeouts ?? {};
  const pasted = readPasted(draft, path, report);
  if (request !== undefined && pasted !== undefined) {
    report.error(
      [...path, "timeout"],
      '"timeout" means the same as "timeouts.request"; one of them is wanted',
      { at: "key" },
    );
  }
  return {
    openMs: readDuration(open, report) ?? DEFAULT_TIMEOUTS.openMs,
    requestMs: readDuration(request, report) ?? pasted ??
      DEFAULT_TIMEOUTS.requestMs,
  };
}

function readPasted(
  { timeout }: ServerDraft,
  path: Path,
  report: Report,
): number | undefined {
  if (timeout === undefined) return undefined;
  const place = [...path, "timeout"];
  if (!isLength(timeout)) {
    report.error(
      place,
      `found ${timeout}, wanted milliseconds from 1 to ${MAX_DURATION_MS}`,
    );
  } else if (timeout < LIKELY_SECONDS_MS) {
    report.warn(place, `found ${timeout}, which is in milliseconds`, {
      hint: `if seconds are meant, write "timeouts": { "request": ` +
        `"${timeout}s" }`,
    });
  }
  return Math.ceil(timeout);
}

function readDuration(
  text: Text | undefined,
  report: Report,
): number | undefined {
  if (text?.value === undefined) return undefined;
  const length = parseDuration(text.value);
  if (length !== undefined && isLength(length)) return length;
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted a duration of 1ms to 24h ` +
      'such as "500ms", "30s" or "5m"',
  );
  return undefined;
}

function isLength(ms: number): boolean {
  return ms >= 1 && ms <= MAX_DURATION_MS;
}
