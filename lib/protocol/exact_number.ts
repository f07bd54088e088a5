// Whole numbers beyond 2^53, which JSON may hold and `JSON.parse` rounds: ids that would come back as others.

import { memberText } from "../channel/member_places.ts";

/** Whether a parsed number may be another one than the text said. */
export function isRounded(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) &&
    !Number.isSafeInteger(value);
}

/** The whole number at `path` of a JSON text as it was written; undefined where there is none. Valid JSON may nest as deep as it likes. */
export function exactNumber(
  json: Uint8Array,
  path: readonly string[],
): bigint | undefined {
  const text = memberText(json, path) ?? "";
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

/** JSON text of a value that may hold such numbers as `bigint`. */
export function exactJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, member) => typeof member === "bigint" ? raw(member) : member,
  );
}

function raw(number: bigint): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return rawJSON(`${number}`);
}
