// The report as JSON.

import { isCaller } from "./log_reading.ts";
import type { TokenUse } from "./log_reading.ts";
import { requestsIn, spanOf } from "./told_usage.ts";
import type { ToldUsage } from "./told_usage.ts";

/** One object, indented; times are in UTC, and what is not known is `null`. */
export function usageJson(usage: ToldUsage): string {
  const { file, logs, lines, skipped, untold, tokens } = usage;
  const span = spanOf(usage);
  const whole = {
    config: file,
    logs,
    lines,
    skipped,
    requests: requestsIn(usage),
    from: text(span?.first),
    to: text(span?.last),
    tokens: tokens.map(tokenOf),
    requests_of_further_names: untold,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function tokenOf(use: TokenUse) {
  const { name, inFile, expires, first, last, requests, servers } = use;
  return {
    name,
    in_config: inFile,
    ...(isCaller(use) && { by_oauth: true }),
    expires: text(expires),
    last_used: text(last),
    first_seen: text(first),
    requests,
    servers,
  };
}

function text(moment: Date | undefined): string | null {
  return moment?.toISOString() ?? null;
}
