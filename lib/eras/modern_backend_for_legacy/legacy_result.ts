// Results of the modern era as those of the initialize era: without what only the modern one has.

import { OFFER_LISTS } from "../../backends/offer_list.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import { METHODS } from "../../protocol/methods.ts";

const decoder = new TextDecoder();

const OPEN_BRACE = 123;

/** What is left out of every result (2026-07-28 `basic` § ResultType). */
const MODERN_ONLY: MemberChanges = { resultType: undefined };

/** The same for results that say how long they may be kept (2026-07-28 `server/utilities/caching` § Cacheable Results). */
const CACHEABLE: MemberChanges = {
  ...MODERN_ONLY,
  ttlMs: undefined,
  cacheScope: undefined,
};

/** What a result is: absent means complete. Nothing where the answer tells an error, or has no object for its result. */
export function resultTypeIn(
  answer: Envelope,
): { readonly result: Uint8Array; readonly type: unknown } | undefined {
  const result = memberOf(answer.bytes, "result");
  if (!result || result[0] !== OPEN_BRACE) return undefined;
  const type = memberOf(result, "resultType");
  return { result, type: type ? JSON.parse(decoder.decode(type)) : "complete" };
}

/** The answer to a request of `method` with `result`, of which other members are changed besides. */
export function withResult(
  answer: Envelope,
  method: string,
  result: Uint8Array,
  changes: MemberChanges = {},
): Uint8Array {
  const isCacheable = OFFER_LISTS.has(method) ||
    method === METHODS.readResource;
  const era = isCacheable ? CACHEABLE : MODERN_ONLY;
  const legacy = withMembers(result, { ...era, ...changes });
  return withMembers(answer.bytes, { result: legacy }) as Uint8Array;
}
