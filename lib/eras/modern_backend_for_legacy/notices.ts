// What a server of the modern era tells of changes, as a client of the initialize era hears it.

import { Envelope } from "../../channel/envelope.ts";
import { META } from "../../protocol/meta.ts";
import { objectIn } from "../legacy_backend_for_modern/bridged_request.ts";

/** The same notification, which belongs to no request and to no subscription that this era knows. */
export function plainNotice(notice: Envelope): Envelope {
  const { method, params = {} } = notice.message();
  const { _meta, ...others } = params;
  const { [META.subscriptionId]: _, ...meta } = objectIn(_meta);
  const hasMeta = Object.keys(meta).length > 0;
  const said = { ...others, ...(hasMeta && { _meta: meta }) };
  const isBare = Object.keys(said).length === 0;
  const message = { method, ...(!isBare && { params: said }) };
  return Envelope.of({ jsonrpc: "2.0", ...message }).relating(null);
}
