// The way in for a client of the same process: through the gateway's front door, without a port.

import type { Gateway, Peer, Secret } from "../../../mod.ts";

/** Nothing ends a connection that is none. */
const PEER: Peer = { address: "127.0.0.1", hold() {}, release() {} };

/** A `fetch` that asks the gateway as whoever has the credential does. Rejects like `fetch` when its signal fires. */
export function doorTo(
  gateway: Gateway,
  credential: Secret,
): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const request = new Request(url, init);
    request.headers.set("authorization", `Bearer ${credential.reveal()}`);
    const { signal } = request;
    signal.throwIfAborted();
    const response = await gateway.fetch(request, PEER);
    signal.throwIfAborted();
    return heeding(response, signal);
  };
}

/** The response with a body that ends when the signal fires, as one from a network does. */
function heeding(response: Response, signal: AbortSignal): Response {
  const { body, status, headers } = response;
  if (!body) return response;
  const bound = body.pipeThrough(new TransformStream(), { signal });
  return new Response(bound, { status, headers });
}
