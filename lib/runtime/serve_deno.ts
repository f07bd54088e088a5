// The HTTP listener of Deno.

import { GatewayError } from "../errors.ts";
import { answer, failed } from "./answer.ts";
import { ListenError, plainAddress, RenewalError } from "./listener.ts";
import type { Listener, Peer, ServeOptions } from "./listener.ts";

/** Listens by `Deno.serve`. Throws `ListenError`. */
export function serveOnDeno(options: ServeOptions): Listener {
  if (options.tls?.clientCa !== undefined) {
    throw new ListenError(
      new Error("Deno cannot ask clients for certificates"),
      "no_client_certificates",
    );
  }
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
  const { tls } = options;
  let stopping: Promise<void> | undefined;
  try {
    const server = Deno.serve({
      hostname,
      port: options.port,
      signal: killing.signal,
      // TLS 1.2 is the oldest version that Deno speaks.
      ...(tls && { cert: tls.cert, key: tls.key.reveal() }),
      onListen: () => {}, // By default Deno prints a line of its own.
      onError: (error) => bodyFailed(error, options),
    }, (request, info) => answer(request, peerOf(info), options));
    return {
      port: server.addr.port,
      // To share a port under TLS, Deno has to be started with a flag of its own.
      renew: () => Promise.reject(neverRenewed()),
      stop: () => stopping ??= server.shutdown(),
      kill: async () => {
        if (stopping) return; // Deno can no longer drop anything then, and throws when asked to.
        killing.abort();
        await server.finished;
      },
    };
  } catch (error) {
    throw new ListenError(error, tls && "bad_certificate");
  }
}

function neverRenewed(): RenewalError {
  return new RenewalError(
    "unsupported",
    "Deno cannot give a listener another certificate while it runs",
  );
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
