// What of a server's offers a message of the client is about.

import { GatewayError } from "../errors.ts";
import type { Message } from "../protocol/messages.ts";
import type { OfferKind } from "../principal.ts";
import { refuseDisguised } from "./disguised_members.ts";

/** One tool, prompt or resource. */
export interface Offer {
  readonly kind: OfferKind;
  /** As the server calls it; of a resource its uri. */
  readonly name: string;
}

/** The members that make up a message (JSON-RPC 2.0 § 4). */
const ENVELOPE = ["jsonrpc", "id", "method", "params"] as const;

/** The members of parameters that say what a message is about. */
const PARAMS = ["name", "uri", "ref"] as const;

const REF = ["type", "name", "uri"] as const;

/** The methods that use an offer (2025-11-25 `server/tools`, `prompts`, `resources`, `utilities/completion`), with what may be used. */
const USES: ReadonlyMap<string, readonly OfferKind[]> = new Map([
  ["tools/call", ["tool"]],
  ["prompts/get", ["prompt"]],
  ["resources/read", ["resource"]],
  ["resources/subscribe", ["resource"]],
  ["resources/unsubscribe", ["resource"]],
  ["completion/complete", ["prompt", "resource"]],
]);

/** Throws `invalid_message` for a message that some servers take for another one. */
export function refuseAmbiguous(message: Message): void {
  refuseDisguised(message, ENVELOPE);
  const { method = "" } = message;
  if (!isName(method)) throw unclear("method is no text that can be checked");
}

/**
 * The offer that a message uses; nothing when it uses none, or none that can be of a
 * `restricted` kind. Throws `invalid_message` where it cannot be told which.
 */
export function offerUsed(
  { method = "", params }: Message,
  restricted: ReadonlySet<OfferKind>,
): Offer | undefined {
  const kinds = USES.get(method);
  if (!kinds?.some((kind) => restricted.has(kind))) return undefined;
  refuseDisguised(params, PARAMS);
  if (method === "completion/complete") return referred(params?.ref);
  return offerOf(kinds[0] as OfferKind, params ?? {}, "params");
}

function referred(ref: unknown): Offer {
  refuseDisguised(ref, REF);
  const members = (ref ?? {}) as Record<string, unknown>;
  switch (members.type) {
    case "ref/prompt":
      return offerOf("prompt", members, "params.ref");
    case "ref/resource":
      return offerOf("resource", members, "params.ref");
  }
  throw unclear('params.ref.type is neither "ref/prompt" nor "ref/resource"');
}

function offerOf(
  kind: OfferKind,
  members: Readonly<Record<string, unknown>>,
  place: string,
): Offer {
  const member = kind === "resource" ? "uri" : "name";
  const name = members[member];
  if (isName(name)) return { kind, name };
  throw unclear(`${place}.${member} is no text that can be checked`);
}

/** Whether every server reads a name alike: C ends it at a zero byte, and half a surrogate pair is replaced by some. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0") &&
    value.isWellFormed();
}

function unclear(why: string): GatewayError {
  const message = `It cannot be told what the message is about: ${why}`;
  return new GatewayError("invalid_message", message);
}
