// The question by which a server shows whether it is of the modern era, and what its answer means.

import type { Envelope } from "../channel/envelope.ts";
import { NotModern } from "../channel/not_modern.ts";
import { GatewayError } from "../errors.ts";
import { RPC_CODES } from "../protocol/messages.ts";
import { META } from "../protocol/meta.ts";
import { METHODS } from "../protocol/methods.ts";
import {
  commonModernRevision,
  isLegacyRevision,
  isModernRevision,
  LATEST_MODERN_REVISION,
} from "../protocol/versions.ts";
import { VERSION } from "../version.ts";
import { ownRequest } from "./own_messages.ts";

/** How long a server of which nothing is known may think about the question before it counts as one that does not know it, its start included, in milliseconds. */
export const DISCOVER_LIMIT_MS = 10_000;

/** What a server has shown of itself. */
export interface Discovery {
  /** The newest of its modern revisions that the gateway speaks too. */
  readonly revision: string;
  /** Whether it speaks the initialize era as well. */
  readonly isDual: boolean;
}

/** The gateway's own `server/discover` (2026-07-28 `server/discover`). */
export function discoverRequest(): Envelope {
  return ownRequest(METHODS.discover, {
    _meta: {
      [META.protocolVersion]: LATEST_MODERN_REVISION,
      [META.clientInfo]: { name: "mcp-front", version: VERSION },
      [META.clientCapabilities]: {},
    },
  });
}

/**
 * What the answer to it shows. Throws `NotModern` where it is that of a server of the initialize
 * era, whatever the code (2026-07-28 `basic/transports/stdio` § Backward Compatibility); the
 * fault of the server where it says nothing about eras; `backend_protocol` where it speaks none
 * of the gateway's revisions.
 */
export function discoveryIn(name: string, answer: Envelope): Discovery {
  if (answer.tells) throw answer.tells;
  const offered = offeredIn(answer);
  const revision = commonModernRevision(offered);
  if (revision !== undefined) {
    return { revision, isDual: offered.some(isLegacy) };
  }
  const other = offered.filter((one) => isModernRevision(String(one)));
  if (other.length === 0) {
    throw new NotModern(`Server "${name}" knows no server/discover`);
  }
  throw new GatewayError(
    "backend_protocol",
    `Server "${name}" speaks only revisions of MCP that the gateway does not know`,
  );
}

/** The revisions that a server says it speaks, in its result or its refusal. */
function offeredIn(answer: Envelope): readonly unknown[] {
  const { result, error } = answer.message();
  const { supportedVersions } = (result ?? {}) as Record<string, unknown>;
  const { supported } = (error?.data ?? {}) as Record<string, unknown>;
  const offered = error?.code === RPC_CODES.unsupportedRevision
    ? supported
    : supportedVersions;
  return Array.isArray(offered) ? offered : [];
}

function isLegacy(revision: unknown): boolean {
  return isLegacyRevision(String(revision));
}
