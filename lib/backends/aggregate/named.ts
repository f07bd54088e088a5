// What a request of a client is about, and where it says so.

import type { Envelope } from "../../channel/envelope.ts";
import type { MemberPath } from "../../channel/member_places.ts";
import type { OfferKind } from "../../principal.ts";

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
