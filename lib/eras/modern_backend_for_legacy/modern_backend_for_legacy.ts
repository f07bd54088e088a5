// The legacy face of a server of the modern era: sessions that the gateway makes of its exchanges.

import type { Backend } from "../../backend.ts";
import { BridgedSession } from "./bridged_session.ts";
import type { ModernBridging } from "./modern_bridging.ts";

/**
 * Wraps the modern face of a server. Each channel is a session: it begins with `initialize`, and
 * what the server would ask its client, keep for it or tell it by itself is done by the gateway.
 * Opening costs no request and does not fail for the server's sake; what fails is the answer to
 * a request. A channel breaks when the conversation with the server does.
 */
export function modernBackendForLegacy(
  modern: Backend,
  bridging: ModernBridging,
): Backend {
  return {
    name: modern.name,
    ...(modern.admit && { admit: (principal) => modern.admit?.(principal) }),
    open: (context) => BridgedSession.open(modern, context, bridging),
  };
}
