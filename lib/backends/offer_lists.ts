// The lists of what a server offers, without what the caller may not use.

import { Envelope } from "../channel/envelope.ts";
import { joined } from "../channel/joined.ts";
import { itemsOf, membersOf } from "../channel/json_parts.ts";
import type { Span } from "../channel/json_parts.ts";
import { uniqueMembers } from "../channel/unique_members.ts";
import type { OfferKind } from "../principal.ts";
import { isName } from "./offer.ts";
import type { Offer } from "./offer.ts";
import { OFFER_LISTS } from "./offer_list.ts";

/** Whether an item may be seen. */
type IsVisible = (offer: Offer, readOnlyHint: boolean) => boolean;

/** A list and which of its items stay. */
interface Sifted {
  readonly member: string;
  readonly stays: readonly boolean[];
}

const encoder = new TextEncoder();

/**
 * The answer to a request for a list, without the items that are hidden or have no name; every
 * other byte stays as it came, unless a name stands there twice. Throws what it finds wrong with
 * the answer.
 */
export function visibleOffers(
  answer: Envelope,
  kinds: ReadonlySet<OfferKind>,
  isVisible: IsVisible,
): Envelope {
  const result = (answer.message().result ?? {}) as Record<string, unknown>;
  const sifted: Sifted[] = [];
  for (const { items: member, kind, named } of OFFER_LISTS.values()) {
    if (!kinds.has(kind) || result[member] === undefined) continue;
    const stays = listOf(result, member).map((item) => {
      const name = (item as Record<string, unknown> | null)?.[named];
      return isName(name) && isVisible({ kind, name }, readsOnly(item));
    });
    if (stays.includes(false)) sifted.push({ member, stays });
  }
  const unique = uniqueMembers(answer);
  return sifted.length === 0 ? unique : without(unique, sifted);
}

/** The tools in the answer to `tools/list`. Throws what it finds wrong with it. */
export function toolsIn(answer: Envelope): readonly unknown[] {
  const result = (answer.message().result ?? {}) as Record<string, unknown>;
  return listOf(result, "tools");
}

/** What the annotation of a tool says; `false` where it says nothing (2025-11-25 `schema` § ToolAnnotations). */
export function readsOnly(tool: unknown): boolean {
  const { annotations } = (tool ?? {}) as {
    readonly annotations?: { readonly readOnlyHint?: unknown } | null;
  };
  return annotations?.readOnlyHint === true;
}

function listOf(
  result: Readonly<Record<string, unknown>>,
  member: string,
): readonly unknown[] {
  const list = result[member];
  if (Array.isArray(list)) return list;
  throw new TypeError(`"${member}" is no list`);
}

function without(
  { bytes, relatesTo }: Envelope,
  sifted: readonly Sifted[],
): Envelope {
  const result = membersOf(bytes)?.get("result") as Span;
  const inside = bytes.subarray(...result);
  const lists = membersOf(inside) as Map<string, Span>;
  const cuts = sifted.map(({ member, stays }) => ({
    span: lists.get(member) as Span,
    stays,
  })).toSorted((a, b) => a.span[0] - b.span[0]);
  const parts = [bytes.subarray(0, result[0])];
  let copied = 0;
  for (const { span: [start, end], stays } of cuts) {
    const list = inside.subarray(start, end);
    parts.push(inside.subarray(copied, start), listWithout(list, stays));
    copied = end;
  }
  parts.push(inside.subarray(copied), bytes.subarray(result[1]));
  return Envelope.read(joined(parts), relatesTo);
}

function listWithout(list: Uint8Array, stays: readonly boolean[]): Uint8Array {
  const items = itemsOf(list) as Span[];
  const kept = items.filter((_, at) => stays[at]).flatMap((item, at) => [
    encoder.encode(at === 0 ? "" : ","),
    list.subarray(...item),
  ]);
  return joined([encoder.encode("["), ...kept, encoder.encode("]")]);
}
