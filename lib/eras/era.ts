// Which era of MCP a request is in: decided here and nowhere else.

import type { Envelope } from "../channel/envelope.ts";
import { HEADERS } from "../protocol/headers.ts";
import { METHODS } from "../protocol/methods.ts";
import { META } from "../protocol/meta.ts";
import { isModernRevision } from "../protocol/versions.ts";

/** `legacy`: sessions that begin with `initialize`; `modern`: each request describes itself (2026-07-28 `basic/versioning`). */
export type Era = "legacy" | "modern";

/** The era of one POST: the body decides before the headers (2026-07-28 `basic/versioning` § Compatibility Matrix). */
export function eraOf(
  headers: Headers,
  envelopes: readonly Envelope[],
): Era {
  for (const one of envelopes) if (hasModernEnvelope(one)) return "modern";
  for (const { head } of envelopes) {
    if (head.method === METHODS.initialize) return "legacy";
  }
  if (headers.has(HEADERS.sessionId)) return "legacy";
  const revision = headers.get(HEADERS.protocolVersion);
  return revision !== null && isModernRevision(revision) ? "modern" : "legacy";
}

function hasModernEnvelope(envelope: Envelope): boolean {
  if (envelope.head.kind === "response") return false;
  const meta = envelope.message().params?._meta;
  return typeof meta === "object" && meta !== null &&
    META.protocolVersion in meta;
}
