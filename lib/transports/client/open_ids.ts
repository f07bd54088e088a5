// Whether the requests of one POST can be told apart from those still open, before any of them is taken.

import type { Envelope } from "../../channel/envelope.ts";
import { GatewayError, RETRY_SOON } from "../../errors.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** The requests of a session that wait for their answer. */
export interface OpenIds {
  readonly size: number;
  has(id: RequestId): boolean;
}

/** Throws `invalid_message` when an id is in use, since its answers could not be told apart, and `overloaded` beyond `limit` open ones. */
export function checkIds(
  ids: readonly RequestId[],
  open: OpenIds,
  limit: number,
): void {
  const clash = ids.find((id) => open.has(id));
  if (clash !== undefined || hasTwice(ids)) {
    throw new GatewayError(
      "invalid_message",
      "A request with this id is still open in this session",
      { rpcId: clash ?? ids[0], hint: "Use a new id for each request" },
    );
  }
  if (open.size + ids.length <= limit) return;
  throw new GatewayError(
    "overloaded",
    `The session has ${open.size} requests open`,
    {
      rpcId: ids[0],
      hint: "Wait for answers before sending more",
      headers: RETRY_SOON,
      fields: { limit: "requestsPerSession" },
    },
  );
}

function hasTwice(ids: readonly RequestId[]): boolean {
  return ids.length > 1 && new Set(ids.map(idKey)).size < ids.length;
}

/** The ids of the requests among `envelopes`, in their order. */
export function requestIds(envelopes: readonly Envelope[]): RequestId[] {
  return envelopes.filter(({ head }) => head.kind === "request")
    .map(({ head }) => head.id as RequestId);
}
