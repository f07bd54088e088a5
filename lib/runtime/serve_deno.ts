// The HTTP listener of Deno.

import { GatewayError } from "../errors.ts";
import { answer, failed } from "./answer.ts";
import { ListenError, plainAddress } from "./listener.ts";
import type { Listener, Peer, ServeOptions } from "./listener.ts";

/** Listens by `Deno.serve`. Throws `ListenError`. */
export function serveOnDeno(options: ServeOptions): Listener {
  if (options.hostname !== undefined) {
    return listen(options.hostname, options);
  }
  try {
    return listen("::", options);
  } catch (error) {
    if (error instanceof ListenError && error.reason === "in_use") throw error;
    return listen("0.0.0.0", options); // A machine without IPv6.
  }
}

function listen(hostname: string, options: ServeOptions): Listener {
  const killing = new AbortController();
  let stopping: Promise<void> | undefined;
  try {
    const server = Deno.serve({
      hostname,
      port: options.port,
      signal: killing.signal,
      onListen: () => {}, // By default Deno prints a line of its own.
      onError: (error) => bodyFailed(error, options),
    }, (request, info) => answer(request, peerOf(info), options));
    return {
      port: server.addr.port,
      stop: () => stopping ??= server.shutdown(),
      kill: async () => {
        if (stopping) return; // Deno can no longer drop anything then, and throws when asked to.
        killing.abort();
        await server.finished;
      },
    };
  } catch (error) {
    throw new ListenError(error);
  }
}

/** `answer()` throws nothing, so a body did; one that was cut off on purpose is told by who cut it. */
function bodyFailed(error: unknown, options: ServeOptions): Response {
  return error instanceof GatewayError
    ? new Response(null, { status: error.status })
    : failed(error, options);
}

/** Deno has no idle limit to lift. */
function peerOf(info: Deno.ServeHandlerInfo<Deno.NetAddr>): Peer {
  return {
    address: plainAddress(info.remoteAddr.hostname),
    hold: () => {},
    release: () => {},
  };
}
