// Turns any value into JSON text fit for a log line: what must not be shown is left out, what cannot be printed does no harm.

import { errorFields } from "./error_fields.ts";

/** The length from which a text is cut. */
export const TEXT_LIMIT_CHARS = 8 * 1024;

/** Texts that JSON and terminals take as they are: nearly all of those in a log. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]{0,200}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** The value as JSON text; `undefined` for what JSON has no form for. Never throws. */
export function loggable(value: unknown): string | undefined {
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  if (typeof value === "boolean" || Number.isFinite(value)) return `${value}`;
  try {
    const text = JSON.stringify(value, function (this: unknown, key, shown) {
      // `shown` is what toJSON made of it; the rules below need the value itself.
      const original = (this as Record<string, unknown>)[key];
      return show(original, shown);
    });
    return text === undefined ? undefined : escapeInvisible(text);
  } catch {
    // A cycle, or a getter or toJSON that throws: the line matters more than this field.
    return '"[unprintable]"';
  }
}

/** Writes control and direction-changing characters, which could forge lines or drive a terminal, as `\uXXXX`. */
export function escapeInvisible(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(
    /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

function show(value: unknown, shown: unknown): unknown {
  if (typeof shown === "string") return cut(shown, value);
  if (typeof shown === "bigint") return shown.toString();
  if (typeof value !== "object" || value === null) return shown;
  if (value instanceof Error) return errorFields(value);
  if (isContent(value)) return "[not shown]";
  return shown;
}

function cut(text: string, value: unknown): string {
  // The query of a url may hold a key, its user part a password.
  if (value instanceof URL) return value.origin + value.pathname;
  if (text.length <= TEXT_LIMIT_CHARS) return text;
  return `${text.slice(0, TEXT_LIMIT_CHARS)}… (${text.length} characters)`;
}

/** What carries message bodies or headers is never shown, also when it is handed to the log by mistake. */
function isContent(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ||
    value instanceof Headers || value instanceof Request ||
    value instanceof Response;
}
