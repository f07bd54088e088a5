// `allowedDomains`: of which domains the verified e-mail address of a caller may be.

import type { Report } from "../report.ts";
import type { Text } from "../text.ts";
import { readList } from "./lists.ts";

const DOMAIN = /^[^\s\p{C}@*/:.]+(\.[^\s\p{C}@*/:.]+)*$/u;

/** In lower case, each once; empty where no address is needed. */
export function readDomains(
  texts: readonly Text[] | undefined,
  report: Report,
): string[] {
  const domains = readList(texts, "allowedDomains", report, (text, value) => {
    if (DOMAIN.test(value)) return value.toLowerCase();
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted a domain such as "example.com"`,
      {
        hint: value.includes("*")
          ? "each domain is named, subdomains too"
          : "what stands after the @ of an address",
      },
    );
    return undefined;
  });
  return domains ?? [];
}
