// One value of a row, as JSON can say it.

import { Buffer } from "node:buffer";
import type { SQLOutputValue } from "node:sqlite";

/** A whole number beyond 2^53, an infinity and a BLOB (`x'…'`, as in SQL) are texts: JSON has no others for them. */
export type Cell = string | number | null;

/** The most that is shown of a text, in characters. */
const MAX_TEXT_CHARACTERS = 1_000;
/** The most that is shown of a BLOB. */
const MAX_BLOB_BYTES = 256;

/** The cell for a value; what is too long is cut, with a note of how long it is. */
export function asCell(value: SQLOutputValue): Cell {
  if (value === null) return null;
  if (typeof value === "string") return shortText(value);
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : String(value);
  }
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  return blobText(value);
}

/** A text that is cut where it is too long, with a note of how long it is. */
export function shortText(text: string): string {
  if (text.length <= MAX_TEXT_CHARACTERS) return text;
  // `toWellFormed`, as the cut may go through a character of two units.
  const start = text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed();
  return `${start}… (cut: ${text.length} characters)`;
}

function blobText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, MAX_BLOB_BYTES);
  const literal = `x'${Buffer.from(shown).toString("hex")}'`;
  return shown.length === bytes.length
    ? literal
    : `${literal}… (cut: ${bytes.length} bytes)`;
}
