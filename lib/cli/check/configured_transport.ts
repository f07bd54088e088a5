// The transport of a server, as far as the configuration says it.

import type { RemoteTransport, ServerConfig } from "../../../mod.ts";

/** `auto` where it is to be found out. */
export function configuredTransport(
  { backend }: ServerConfig,
): "stdio" | RemoteTransport {
  return backend.kind === "stdio" ? "stdio" : backend.remote.transport;
}
