// `expires` of a token: when it stops being valid.

import { momentIn, momentText } from "../moment.ts";
import type { Report } from "./report.ts";
import type { Text } from "./text.ts";

/** How long before its end a token is told to be near it. */
export const EXPIRY_NOTICE_DAYS = 7;

const DAY_MS = 24 * 60 * 60 * 1_000;
const HINT = "mcp-front token new makes another one";

/** The end of the token `name`; undefined where it is not known. Without `now` nothing is said of how near that is. */
export function readExpiry(
  text: Text,
  name: string,
  report: Report,
  now: Date | undefined,
): Date | undefined {
  const { value, path, source } = text;
  if (value === undefined) return undefined;
  const expires = momentIn(value);
  if (expires === undefined) {
    // What is no date may be a token: it is not shown.
    report.error(path, `found no date${source}`, {
      hint: 'write "2027-01-31" or "2027-01-31T12:00:00Z"',
    });
    return undefined;
  }
  if (now !== undefined) warnOfEnd(expires, text, name, report, now);
  return expires;
}

function warnOfEnd(
  expires: Date,
  { path }: Text,
  name: string,
  report: Report,
  now: Date,
): void {
  const token = `token ${report.quoteKey(name)}`;
  const end = momentText(expires);
  const leftMs = expires.getTime() - now.getTime();
  if (leftMs <= 0) {
    report.warn(path, `${token} has expired: it was valid until ${end}`, {
      hint: HINT,
    });
  } else if (leftMs <= EXPIRY_NOTICE_DAYS * DAY_MS) {
    report.warn(
      path,
      `${token} expires within ${EXPIRY_NOTICE_DAYS} days: it is valid until ` +
        end,
      { hint: HINT },
    );
  }
}
