// The lists of what a server offers.

import type { OfferKind } from "../principal.ts";

/** A list that a client can ask for (2025-11-25 `server/tools`, `prompts`, `resources`). */
export interface OfferList {
  readonly method: string;
  readonly kind: OfferKind;
  /** The member of the result that holds the items. */
  readonly items: string;
  /** The member of an item that names it. */
  readonly named: "name" | "uri" | "uriTemplate";
  /** The capability of servers that have it, by which the notification of its changes is called, too. */
  readonly capability: "tools" | "prompts" | "resources";
}

/** All there are, by their methods. */
export const OFFER_LISTS: ReadonlyMap<string, OfferList> = new Map(
  ([
    {
      method: "tools/list",
      kind: "tool",
      items: "tools",
      named: "name",
      capability: "tools",
    },
    {
      method: "prompts/list",
      kind: "prompt",
      items: "prompts",
      named: "name",
      capability: "prompts",
    },
    {
      method: "resources/list",
      kind: "resource",
      items: "resources",
      named: "uri",
      capability: "resources",
    },
    {
      method: "resources/templates/list",
      kind: "resource",
      items: "resourceTemplates",
      named: "uriTemplate",
      capability: "resources",
    },
  ] as const).map((list) => [list.method, list]),
);
