// How requests of the modern era describe themselves and their client.

import type { Envelope } from "../channel/envelope.ts";
import { META } from "../protocol/meta.ts";

/** What has to be said with every request (2026-07-28 `basic` § `_meta`). */
const DESCRIBING = [
  META.protocolVersion,
  META.clientInfo,
  META.clientCapabilities,
] as const;

/** The members of `_meta` by which a request describes itself, for one that the gateway asks on its behalf; nothing in the initialize era. */
export function descriptionIn(
  request: Envelope,
): Readonly<Record<string, unknown>> | undefined {
  const meta = (request.message().params?._meta ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (meta[META.protocolVersion] === undefined) return undefined;
  return Object.fromEntries(
    DESCRIBING.filter((name) => name in meta).map((name) => [name, meta[name]]),
  );
}
