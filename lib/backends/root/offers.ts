// What servers offer by lists, and how requests name single ones of it.

import type { Envelope } from "../../channel/envelope.ts";
import type { MemberPath } from "../../channel/member_places.ts";

/** What a request can be about. */
export type OfferKind = "tool" | "prompt" | "resource";

/** A list that a client can ask for (2025-11-25 `server/tools`, `prompts`, `resources`). */
export interface List {
  readonly method: string;
  /** The member of the result that holds the items, and which of each names it. */
  readonly items: string;
  readonly named: string;
  readonly kind: OfferKind | "template";
  /** The capability of servers that have it, and what the notification of its changes is called by. */
  readonly capability: "tools" | "prompts" | "resources";
}

/** The lists by their methods. */
export const LISTS: ReadonlyMap<string, List> = new Map(
  [
    list("tools/list", "tools", "name", "tool", "tools"),
    list("prompts/list", "prompts", "name", "prompt", "prompts"),
    list("resources/list", "resources", "uri", "resource", "resources"),
    list(
      "resources/templates/list",
      "resourceTemplates",
      "uriTemplate",
      "template",
      "resources",
    ),
  ].map((one) => [one.method, one]),
);

/** Those that are needed to know who offers something of a kind. */
export function listsOf(kind: OfferKind): List[] {
  return [...LISTS.values()].filter((list) =>
    list.kind === kind || (kind === "resource" && list.kind === "template")
  );
}

/** One thing that a request names, and where. */
export interface Named {
  readonly kind: OfferKind;
  readonly name: string;
  readonly path: MemberPath;
}

const NAME: MemberPath = ["params", "name"];
const URI: MemberPath = ["params", "uri"];
const REF_NAME: MemberPath = ["params", "ref", "name"];
const REF_URI: MemberPath = ["params", "ref", "uri"];

/** What a request is about; nothing where it names nothing that one server offers. */
export function namedIn(envelope: Envelope): Named | undefined {
  switch (envelope.head.method) {
    case "tools/call":
      return namedAt(envelope, "tool", NAME);
    case "prompts/get":
      return namedAt(envelope, "prompt", NAME);
    case "resources/read":
    case "resources/subscribe":
    case "resources/unsubscribe":
      return namedAt(envelope, "resource", URI);
    case "completion/complete":
      return namedAt(envelope, "prompt", REF_NAME) ??
        namedAt(envelope, "resource", REF_URI);
  }
  return undefined;
}

function namedAt(
  envelope: Envelope,
  kind: OfferKind,
  path: MemberPath,
): Named | undefined {
  let value: unknown = envelope.message();
  for (const key of path) {
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return typeof value === "string" ? { kind, name: value, path } : undefined;
}

function list(
  method: string,
  items: string,
  named: string,
  kind: List["kind"],
  capability: List["capability"],
): List {
  return { method, items, named, kind, capability };
}
