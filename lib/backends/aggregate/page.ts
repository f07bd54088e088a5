// One page of a list, as a server gave it.

import type { Envelope } from "../../channel/envelope.ts";
import { itemsOf, membersOf } from "../../channel/json_parts.ts";
import type { OfferList } from "../offer_list.ts";

/** An item of a list, in the server's own words. */
export interface Item {
  /** Its name or uri. */
  readonly own: string;
  /** Its JSON text. */
  readonly json: Uint8Array;
}

/** A page (2025-11-25 `server/utilities/pagination`); items without a name are not in it. */
export interface Page {
  readonly items: readonly Item[];
  /** Absent on the last page; an empty one is taken for none, as clients do. */
  readonly nextCursor?: string;
}

/** Reads the answer of a server; throws the fault that it tells. */
export function pageIn(answer: Envelope, list: OfferList): Page {
  if (answer.tells) throw answer.tells;
  const { result } = answer.message();
  const members = (result ?? {}) as Record<string, unknown>;
  const { nextCursor } = members;
  const items = itemsIn(answer.bytes, members[list.items], list);
  return typeof nextCursor === "string" && nextCursor !== ""
    ? { items, nextCursor }
    : { items };
}

function itemsIn(bytes: Uint8Array, parsed: unknown, list: OfferList): Item[] {
  if (!Array.isArray(parsed)) return [];
  const array = memberOf(memberOf(bytes, "result"), list.items);
  return itemsOf(array)?.flatMap((span, at) => {
    const own = (parsed[at] as Record<string, unknown> | null)?.[list.named];
    if (typeof own !== "string") return [];
    return [{ own, json: array.subarray(...span) }];
  }) ?? [];
}

/** It is there: it was parsed. */
function memberOf(json: Uint8Array, name: string): Uint8Array {
  const [start, end] = membersOf(json)?.get(name) ?? [0, 0];
  return json.subarray(start, end);
}
