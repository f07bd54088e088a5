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
const REF_TYPE: MemberPath = ["params", "ref", "type"];
const REF_NAME: MemberPath = ["params", "ref", "name"];
const REF_URI: MemberPath = ["params", "ref", "uri"];

const NAMING: readonly string[] = [
  "tools/call",
  "prompts/get",
  "resources/read",
  "resources/subscribe",
  "resources/unsubscribe",
  "completion/complete",
];

/** Whether requests of a method are about one thing that one server offers. */
export function isNaming(method: string): boolean {
  return NAMING.includes(method);
}

/** What a request is about; nothing where it does not say. */
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
      return referredTo(envelope);
  }
  return undefined;
}

function referredTo(envelope: Envelope): Named | undefined {
  switch (memberAt(envelope, REF_TYPE)) {
    case "ref/prompt":
      return namedAt(envelope, "prompt", REF_NAME);
    case "ref/resource":
      return namedAt(envelope, "resource", REF_URI);
  }
  return undefined;
}

function namedAt(
  envelope: Envelope,
  kind: OfferKind,
  path: MemberPath,
): Named | undefined {
  const name = memberAt(envelope, path);
  return typeof name === "string" ? { kind, name, path } : undefined;
}

function memberAt(envelope: Envelope, path: MemberPath): unknown {
  let value: unknown = envelope.message();
  for (const key of path) {
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return value;
}
