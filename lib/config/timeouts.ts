// How long a server may take: `timeouts`, and the pasted `timeout` in milliseconds.

import type { Timeouts } from "../backends/open.ts";
import { MAX_DURATION_MS, parseDuration } from "./duration.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
import type { Text } from "./text.ts";

/** Below this a pasted `timeout` was probably meant in seconds. */
const LIKELY_SECONDS_MS = 1_000;

/** The timeouts of the server at `path`: its own, else those of `proxy.limits`. */
export function readTimeouts(
  draft: ServerDraft,
  path: Path,
  { report, limits }: Pick<ServerContext, "report" | "limits">,
): Timeouts {
  const { open, request, requestMax } = draft.timeouts ?? {};
  const pasted = readPasted(draft, path, report);
  if (request !== undefined && pasted !== undefined) {
    report.error(
      [...path, "timeout"],
      '"timeout" means the same as "timeouts.request"; one of them is wanted',
      { at: "key" },
    );
  }
  const longest = readDuration(requestMax, report);
  const requestMs = readDuration(request, report) ?? pasted ??
    Math.min(limits.requestMs, longest ?? Infinity);
  if (
    requestMax !== undefined && longest !== undefined && longest < requestMs
  ) {
    report.error(
      requestMax.path,
      `found ${
        report.quote(requestMax)
      }, wanted at least the time of a request, ${requestMs} ms`,
    );
  }
  return {
    openMs: readDuration(open, report) ?? limits.openMs,
    requestMs,
    requestMaxMs: longest ?? Math.max(limits.requestMaxMs, requestMs),
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
