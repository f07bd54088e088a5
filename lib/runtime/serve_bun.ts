// The HTTP listener of Bun.

import { answer, failed } from "./answer.ts";
import { bun } from "./bun.ts";
import type { BunServer } from "./bun.ts";
import { ListenError, plainAddress } from "./listener.ts";
import type { Listener, Peer, ServeOptions } from "./listener.ts";

/** Listens by `Bun.serve`. Throws `ListenError`. */
export function serveOnBun(options: ServeOptions): Listener {
  const server = listen(options);
  return {
    port: server.port,
    stop: () => server.stop(),
    kill: () => server.stop(true),
  };
}

function listen(options: ServeOptions): BunServer {
  try {
    return bun().serve({
      hostname: options.hostname,
      port: options.port,
      maxRequestBodySize: options.maxBodyBytes,
      idleTimeout: options.idleSeconds,
      // By default Bun shows source code on errors and shares the port with whoever else asks for it.
      development: false,
      reusePort: false,
      fetch: (request, server) =>
        answer(request, peerOf(request, server, options), options),
      error: (error) => failed(error, options),
    });
  } catch (error) {
    throw new ListenError(error);
  }
}

function peerOf(
  request: Request,
  server: BunServer,
  options: ServeOptions,
): Peer {
  return {
    address: plainAddress(server.requestIP(request)?.address ?? "unknown"),
    hold: () => server.timeout(request, 0),
    release: () => server.timeout(request, options.idleSeconds),
  };
}
