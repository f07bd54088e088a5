// Messages of the modern era, as a client writes them.

import { Envelope } from "../../lib/channel/envelope.ts";
import type { RequestId } from "../../lib/protocol/messages.ts";
import { META } from "../../lib/protocol/meta.ts";

type Params = Readonly<Record<string, unknown>>;

/** How a request describes itself, with further members. */
export function modernMeta(more: Params = {}): Params {
  return {
    [META.protocolVersion]: "2026-07-28",
    [META.clientInfo]: { name: "test", version: "1" },
    [META.clientCapabilities]: {},
    ...more,
  };
}

/** A request; `_meta` of its parameters is added to the usual one. */
export function modernRequest(
  id: RequestId,
  method: string,
  params: Params = {},
): Envelope {
  const _meta = modernMeta(params._meta as Params | undefined);
  return Envelope.of({
    jsonrpc: "2.0",
    id,
    method,
    params: { ...params, _meta },
  });
}
