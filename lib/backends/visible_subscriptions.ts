// A client's wish to be told of changes, without the resources that are hidden from it.

import { Envelope } from "../channel/envelope.ts";
import { memberOf, withMembers } from "../channel/object_members.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { refuseDisguised } from "./disguised_members.ts";
import { isName } from "./offer.ts";
import type { Permissions } from "./permissions.ts";

const FILTER = "notifications";
const URIS = "resourceSubscriptions";

/**
 * The same `subscriptions/listen` (2026-07-28 `basic/patterns/subscriptions`) without hidden
 * resources, each of which `onHidden` is told of; any other message as it is. Throws
 * `invalid_message` where it cannot be told which resources are meant.
 */
export function visibleSubscriptions(
  envelope: Envelope,
  permissions: Permissions,
  onHidden: (refusal: GatewayError) => void,
): Envelope {
  const { method } = envelope.head;
  if (method !== METHODS.listen || !permissions.restricted.has("resource")) {
    return envelope;
  }
  const { params } = envelope.message();
  refuseDisguised(params, [FILTER]);
  const filter = (params?.[FILTER] ?? {}) as Readonly<Record<string, unknown>>;
  refuseDisguised(filter, [URIS]);
  const uris = filter[URIS] ?? [];
  if (!Array.isArray(uris) || !uris.every(isName)) throw unclear();
  const visible = uris.filter((name) => {
    const offer = { kind: "resource", name } as const;
    const decision = permissions.decide(offer);
    if (!decision.allowed) onHidden(permissions.refusal(offer, decision));
    return decision.allowed;
  });
  if (visible.length === uris.length) return envelope;
  return withUris(envelope, JSON.stringify(visible));
}

function withUris({ bytes, relatesTo }: Envelope, json: string): Envelope {
  const params = memberOf(bytes, "params") as Uint8Array;
  const filter = memberOf(params, FILTER) as Uint8Array;
  const filtered = withMembers(filter, { [URIS]: json });
  const replaced = withMembers(params, { [FILTER]: filtered });
  const whole = withMembers(bytes, { params: replaced }) as Uint8Array;
  return Envelope.read(whole, relatesTo);
}

function unclear(): GatewayError {
  const message =
    `It cannot be told what the message is about: params.${FILTER}.${URIS} is no list of texts that can be checked`;
  return new GatewayError("invalid_message", message);
}
