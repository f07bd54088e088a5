// `headers` of a url server: what the gateway sends along to it, such as its credentials.

import { Secret } from "../secret.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { Text } from "./text.ts";

/** A field name (RFC 9110 § 5.1). */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Latin-1 without controls, which is what the runtimes can send (RFC 9110 § 5.5). */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What the gateway or its runtime says itself. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The headers by name in lower case. No message shows a value. */
export function readHeaders(
  { headers }: ServerDraft,
  path: Path,
  report: Report,
): ReadonlyMap<string, Secret> {
  const fields = new Map<string, Secret>();
  for (const [name, text] of Object.entries(headers ?? {})) {
    const field = name.toLowerCase();
    const flaw = fields.has(field)
      ? "the same header stands here twice; one is wanted: names do not differ by case"
      : flawOfName(field);
    if (flaw !== undefined) {
      report.error([...path, "headers", name], flaw, { at: "key" });
    }
    fields.set(field, new Secret(readFieldValue(text, report)));
  }
  return fields;
}

/** Whether a header of this name is set by the gateway or its runtime. */
export function isOwnField(name: string): boolean {
  return OWN_FIELDS.has(name.toLowerCase());
}

function flawOfName(field: string): string | undefined {
  if (!FIELD_NAME.test(field)) {
    return "found no legal name of a header, wanted one such as X-Api-Key";
  }
  if (!isOwnField(field)) return undefined;
  return "this header is set by the gateway itself; leave it out";
}

function readFieldValue(text: Text, report: Report): string {
  const { value = "", path } = text;
  if (FIELD_VALUE.test(value)) return value;
  const found = /[\r\n]/.test(value)
    ? "a line break"
    : "a character that a header cannot carry";
  report.error(path, `found ${found}${text.source}`, {
    hint: "take it out: a header is one line of Latin-1",
  });
  return value;
}
