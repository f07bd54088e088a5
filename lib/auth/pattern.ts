// Patterns for names: `*` stands for any number of characters, everything else for itself.

import { piecesInOrder } from "../pieces_in_order.ts";

const WILDCARD = "*";

/** Whether a name fits. */
export type Matcher = (name: string) => boolean;

/** What tells whether a whole name fits `pattern`, in the case of its letters, in a time in proportion to the name. */
export function matcherOf(pattern: string): Matcher {
  return piecesInOrder(pattern.split(WILDCARD));
}
