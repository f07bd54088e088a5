// One page of a list, as a server gave it.

import type { Envelope } from "../../channel/envelope.ts";
import { GatewayError } from "../../errors.ts";
import type { List } from "./offers.ts";

/** An item of a list; members not named in `List` are kept as they came. */
export type Item = Readonly<Record<string, unknown>>;

/** A page (2025-11-25 `server/utilities/pagination`). */
export interface Page {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** Reads the answer of server `name`; throws why there is none. */
export function pageIn(answer: Envelope, list: List, name: string): Page {
  if (answer.tells) throw answer.tells;
  const { result, error } = answer.message();
  if (answer.head.failed) {
    throw new GatewayError(
      "backend_unavailable",
      `Server "${name}" refused ${list.method} with error ${error?.code}`,
    );
  }
  const { [list.items]: items, nextCursor } = (result ?? {}) as Record<
    string,
    unknown
  >;
  const found = Array.isArray(items) ? items.filter(isItem) : [];
  return typeof nextCursor === "string"
    ? { items: found, nextCursor }
    : { items: found };
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
