// Sets and takes out members of an object in its JSON text; every other member stays as it was written.

import { joined } from "./joined.ts";
import { entriesOf, membersOf } from "./json_parts.ts";

/** JSON text by the names of members; nothing for one that is to be taken out. */
export type MemberChanges = Readonly<
  Record<string, Uint8Array | string | undefined>
>;

const encoder = new TextEncoder();
const OPEN = encoder.encode("{");
const CLOSE = encoder.encode("}");
const COMMA = encoder.encode(",");

/** The object with these members changed: what is set stands behind what stays, once. Nothing where the text is no object. */
export function withMembers(
  json: Uint8Array,
  changes: MemberChanges,
): Uint8Array | undefined {
  const entries = entriesOf(json);
  if (!entries) return undefined;
  const kept = entries
    .filter(({ name }) => name === undefined || !Object.hasOwn(changes, name))
    .map(({ start, value }) => json.subarray(start, value[1]));
  const set = Object.entries(changes).flatMap(([name, text]) => {
    if (text === undefined) return [];
    const key = encoder.encode(`${JSON.stringify(name)}:`);
    return [joined([key, asBytes(text)])];
  });
  const members = [...kept, ...set].flatMap((member, at) =>
    at === 0 ? [member] : [COMMA, member]
  );
  return joined([OPEN, ...members, CLOSE]);
}

/** The JSON text of a member, the last one of those with its name; nothing where there is none. */
export function memberOf(
  json: Uint8Array,
  name: string,
): Uint8Array | undefined {
  const span = membersOf(json)?.get(name);
  return span && json.subarray(...span);
}

function asBytes(text: Uint8Array | string): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}
