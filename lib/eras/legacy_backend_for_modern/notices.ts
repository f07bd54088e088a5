// What a legacy server tells beside its answers, as a modern client is to hear it.

import { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import { META } from "../../protocol/meta.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { isAtLeast, isSeverity } from "./log_severity.ts";

const LOG_MESSAGE = "notifications/message";

const EMPTY = new TextEncoder().encode("{}");

/** A notification that belongs to a request, on its stream; nothing where the client did not ask for it. */
export function noticeFor(
  request: BridgedRequest,
  notice: Envelope,
): Envelope | undefined {
  switch (notice.head.method) {
    case METHODS.progress:
      return progressFor(request, notice);
    case LOG_MESSAGE:
      return isHeard(notice, request) ? notice.relating(request.id) : undefined;
  }
  return notice.relating(request.id);
}

/** A notification of a subscription, with the id of the request that opened it (2026-07-28 `basic/patterns/subscriptions` § Receiving Notifications). */
export function tagged(
  notice: Envelope,
  { id, idText }: Pick<BridgedRequest, "id" | "idText">,
): Envelope | undefined {
  const params = memberOf(notice.bytes, "params") ?? EMPTY;
  const meta = memberOf(params, "_meta") ?? EMPTY;
  const said = { [META.subscriptionId]: idText };
  return changed(notice, id, {
    _meta: withMembers(meta, said) ?? withMembers(EMPTY, said),
  });
}

/** JSON text of the `_meta` by which everything of a subscription is told from others, as the member of an object. */
export function subscriptionTag(
  { idText }: Pick<BridgedRequest, "idText">,
): Uint8Array {
  const _meta = withMembers(EMPTY, { [META.subscriptionId]: idText });
  return withMembers(EMPTY, { _meta }) as Uint8Array;
}

/** The client's own token in place of the gateway's. */
function progressFor(
  { progressToken, id }: BridgedRequest,
  notice: Envelope,
): Envelope | undefined {
  return progressToken === undefined
    ? undefined
    : changed(notice, id, { progressToken });
}

function isHeard(notice: Envelope, { level: wanted }: BridgedRequest): boolean {
  const level = notice.message().params?.level;
  return wanted !== undefined && isSeverity(level) && isAtLeast(level, wanted);
}

function changed(
  { bytes }: Envelope,
  relatesTo: BridgedRequest["id"],
  changes: Readonly<Record<string, Uint8Array | string | undefined>>,
): Envelope | undefined {
  const params = withMembers(memberOf(bytes, "params") ?? EMPTY, changes);
  const json = params && withMembers(bytes, { params });
  return json && Envelope.read(json, relatesTo);
}
