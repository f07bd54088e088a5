// `proxy.trustedProxies`: who may say for whom they ask.

import { rangesIn } from "../routing/address_range.ts";
import type { AddressRange } from "../routing/address_range.ts";
import type { Report } from "./report.ts";
import type { Text } from "./text.ts";

/** Reads the addresses and ranges; those that are none are problems and left out. */
export function readTrustedProxies(
  texts: readonly Text[] | undefined,
  report: Report,
): readonly AddressRange[] {
  return (texts ?? []).flatMap((text) => {
    if (text.value === undefined) return [];
    const ranges = rangesIn(text.value);
    if (ranges === undefined) {
      report.error(
        text.path,
        `found ${report.quote(text)}, wanted an IP address, a range such as ` +
          '"10.0.0.0/8", or "loopback"',
      );
    } else if (ranges.some(({ bits }) => bits === 0)) {
      report.warn(
        text.path,
        "trusts everybody: each client may say that it has any address",
        { hint: "name the addresses of the proxies alone" },
      );
    }
    return ranges ?? [];
  });
}
