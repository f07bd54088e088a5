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
const decoder = new TextDecoder();

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

/** JSON text with `json` in place of members that are strings or numbers, and what stood there; of one that stands there twice, what counts. */
export function exchangedIn(
  text: Uint8Array,
  paths: readonly MemberPath[],
  json: string,
): { readonly bytes: Uint8Array; readonly texts: Map<MemberPath, string> } {
  const other = encoder.encode(json);
  const texts = new Map<MemberPath, string>();
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const { path, start, end } of memberPlaces(text, paths)) {
    texts.set(path, decoder.decode(text.subarray(start, end)));
    parts.push(text.subarray(copied, start), other);
    copied = end;
  }
  parts.push(text.subarray(copied));
  return { bytes: joined(parts), texts };
}

/** Like `replacedMembers()`, for any JSON text. */
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
