// What is said where a token may not use a server any more.

import { asGatewayError, GatewayError } from "../errors.ts";
import type { Principal } from "../principal.ts";

/** The name that stands for all servers, of which a token may use some. */
const ALL = "*";

/** Why a principal may not use a server (any more): `not_permitted`; nothing where it may. */
export function lostServer(
  server: string,
  principal: Principal,
): GatewayError | undefined {
  if (server === ALL) return undefined;
  const { allowed, rule } = principal.allows({ kind: "server", server });
  if (allowed) return undefined;
  return new GatewayError(
    "not_permitted",
    `Server "${server}" may not be used any more: ${rule}`,
    { hint: "Ask for the lists again: they have changed" },
  );
}

/** Calls `end` when a principal is revoked or may not use a server any more. Returns what ends that. */
export function whenLost(
  server: string,
  principal: Principal,
  end: (reason: GatewayError) => void,
): () => void {
  const { revoked } = principal;
  const onRevoked = () => end(asGatewayError(revoked.reason));
  const unwatch = principal.watch(() => {
    const lost = lostServer(server, principal);
    if (lost) end(lost);
  });
  revoked.addEventListener("abort", onRevoked, { once: true });
  return () => {
    revoked.removeEventListener("abort", onRevoked);
    unwatch();
  };
}
