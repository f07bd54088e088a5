// Changes single members of a message and leaves every other byte as it came.

import { Envelope } from "./envelope.ts";
import { joined } from "./joined.ts";
import { memberPlaces } from "./member_places.ts";
import type { MemberPath } from "./member_places.ts";

/** A member and the JSON text that takes the place of its value. */
export interface Replacement {
  readonly path: MemberPath;
  readonly json: string;
}

const encoder = new TextEncoder();

/**
 * The same message with other values for some members that are strings or numbers.
 * Members it does not have are not added; of one that stands there twice, both are replaced.
 */
export function replacedMembers(
  { bytes, relatesTo }: Envelope,
  replacements: readonly Replacement[],
): Envelope {
  return Envelope.read(replacedIn(bytes, replacements), relatesTo);
}

/** The same for any JSON text. */
export function replacedIn(
  json: Uint8Array,
  replacements: readonly Replacement[],
): Uint8Array {
  const paths = replacements.map(({ path }) => path);
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const { path, start, end } of memberPlaces(json, paths)) {
    const to = replacements.find((one) => one.path === path) as Replacement;
    parts.push(json.subarray(copied, start), encoder.encode(to.json));
    copied = end;
  }
  parts.push(json.subarray(copied));
  return joined(parts);
}
