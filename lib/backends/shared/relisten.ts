// What a subscription is told when its server was started again: what it watches may have changed meanwhile.

import { Envelope } from "../../channel/envelope.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { META } from "../../protocol/meta.ts";

/** What a subscription can ask to be told of (2026-07-28 `basic/patterns/subscriptions` § Notification Filter), with what it is told. */
const LISTS = {
  toolsListChanged: "notifications/tools/list_changed",
  promptsListChanged: "notifications/prompts/list_changed",
  resourcesListChanged: "notifications/resources/list_changed",
} as const;

const UPDATED = "notifications/resources/updated";

/** The notifications that all of it has changed, for the subscription that `id` began and that a server has acknowledged. */
export function allChanged(id: RequestId, acknowledged: Envelope): Envelope[] {
  const { params } = acknowledged.message();
  const granted = (params?.notifications ?? {}) as Record<string, unknown>;
  const _meta = { [META.subscriptionId]: id };
  const told: { method: string; params: Record<string, unknown> }[] = [];
  for (const [kind, method] of Object.entries(LISTS)) {
    if (granted[kind] === true) told.push({ method, params: { _meta } });
  }
  const { resourceSubscriptions: uris } = granted;
  for (const uri of Array.isArray(uris) ? uris : []) {
    told.push({ method: UPDATED, params: { uri, _meta } });
  }
  return told.map((one) =>
    Envelope.of({ jsonrpc: "2.0", ...one }).relating(id)
  );
}
